using System.Net.Http.Json;
using System.Text.RegularExpressions;
using LeadSens.Server.Identity;
using LeadSens.Server.Studio.Resuming;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Identity;

/// <summary>Walks every GET of the application, as whoever may and as a stranger with the same ids, while triggers note each row that anything writes.</summary>
public sealed partial class ReadsWriteNothingTests
{
    /// <summary>What a read may write, with the reason.</summary>
    private static readonly string[] Allowed =
    [
        // At most once a minute: when a session or key was used last is what its owner looks at, and what ends one that lies unused.
        "update user_sessions last_seen_at", "update api_keys last_used_at",
    ];

    private const string WatchSql = """
        create table written (what text not null);
        create function note_write() returns trigger language plpgsql security definer as $$
        begin
            insert into written select lower(tg_op) || ' ' || tg_table_name || case when tg_op = 'UPDATE' then
                (select coalesce(' ' || string_agg(n.key, ',' order by n.key), '') from jsonb_each(to_jsonb(new)) n where n.value is distinct from to_jsonb(old) -> n.key) else '' end;
            return null;
        end $$;
        do $$
        declare t regclass;
        begin
            for t in select c.oid::regclass from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
                and c.relname not in ('written', 'nodes', 'audit_unsealed', 'audit_seals', 'workspace_watches', 'workspace_changes') loop
                execute format('create trigger zz_note_write after insert or update or delete on %s for each row execute function note_write()', t);
            end loop;
        end $$;
        """;

    [Fact]
    public async Task No_GET_writes_anything()
    {
        await using var database = await TestPostgres.NewDatabaseAsync();
        Dictionary<string, Guid> things;
        await using (var sandbox = await TestSandbox.StartAsync())
        await using (var busy = TestApp.Beside(database, ("LeadSens:SandboxUrl", sandbox.BaseUrl)))
            things = await StrangerTests.ThingsAsync(busy);
        await using var app = TestApp.QuietBeside(database);
        var owner = await app.LoginAsync(DemoWorkspace.Email, DemoWorkspace.Password);
        using var browser = app.Client("");
        (await browser.PostAsJsonAsync("/api/auth/login?cookie=true", new { email = DemoWorkspace.Email, password = DemoWorkspace.Password })).EnsureSuccessStatusCode();
        using var stranger = app.Client(StrangerTests.Key);
        using var nobody = app.Client("");
        var ids = await IdsAsync(app, owner, things);
        await app.Database.ExecuteAsync("update user_sessions set last_seen_at = last_seen_at - interval '2 minutes'");
        await app.Database.ExecuteAsync(WatchSql);
        var (wrote, answered) = (new List<string>(), new List<string>());
        foreach (var template in AccessTests.Expected().Where(route => route.Method == "GET").Select(route => route.Template))
        {
            var path = PathOf(template, ids);
            var good = false;
            foreach (var (who, http) in (IEnumerable<(string, HttpClient)>)[("owner", owner.Http), ("browser", browser), ("stranger", stranger), ("nobody", nobody)])
            {
                using var answer = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
                good |= answer.IsSuccessStatusCode || (int)answer.StatusCode == 302 && who == "owner";
                wrote.AddRange((await app.Database.ListAsync<string>("delete from written returning what")).Except(Allowed).Select(what => $"{who} GET {path} ({(int)answer.StatusCode}): {what}"));
            }

            if (good) answered.Add(template);
        }

        wrote.ShouldBeEmpty();
        AccessTests.Expected().Where(route => route.Method == "GET").Select(route => route.Template).Except(answered).ShouldBe(Unanswered, ignoreOrder: true, "an id that somebody finds something with is wanted in IdsAsync");
    }

    /// <summary>Where nobody finds anything: what is asked there needs more than an id, is not there at all, or (the callback) is a provider's answer to what a browser began.</summary>
    private static readonly string[] Unanswered =
    [
        "/api/connections/{provider}/callback", "/elsa/api/features/installed/{fullName}", "/elsa/api/workflow-definitions/subgraph/segments/{versionId}",
        "/elsa/api/workflow-instances/{id:guid}/journal/{activityId}", "/elsa/hubs/workflow-instance", "/elsa/hubs/workflow-instance/negotiate", "/workflows/{**path}",
    ];

    private static async Task<List<(string Template, string Value)>> IdsAsync(TestApp app, SomePerson owner, Dictionary<string, Guid> things)
    {
        var instance = things["workflow-instances"];
        var execution = await app.Database.ScalarAsync<Guid>("select execution_id from workflow_journal where instance_id = $1 limit 1", instance);
        var definition = things["workflows"].ToString();
        var version = await app.Database.ScalarAsync<string>("select version_id::text from workflow_definitions where definition_id = $1 limit 1", definition);
        var invitation = (await People.JsonAsync(await owner.Http.PostAsJsonAsync($"/api/workspaces/{DemoWorkspace.Id}/members", new { role = "viewer" }))).GetProperty("token").GetString()!;
        var approve = (await People.JsonAsync(await owner.Http.PostAsync($"/api/approvals/{things["approvals"]}/link", null))).GetProperty("url").GetString()!;
        async Task<string> LinkAsync(string purpose)
        {
            await using var connection = await app.Database.Owner.OpenConnectionAsync();
            return (await AccountLinks.NewAsync(connection, DemoWorkspace.UserId, purpose, null, default))!.Text;
        }

        var link = app.Services.GetRequiredService<ResumeTokens>().Write(new(Guid.CreateVersion7(), DemoWorkspace.Id, instance, null, "go", null));
        return
        [
            ("/account/confirm/", await LinkAsync(AccountLinks.Confirm)), ("/account/reset/", await LinkAsync(AccountLinks.Reset)), ("/approve/", approve.Split('/')[^1]),
            ("/invitations/", invitation), ("/api/invitations/", invitation), ("/api/approvals/", $"{things["approvals"]}"), ("/studio/approvals/", $"{things["approvals"]}"), ("/api/campaigns/", $"{things["campaigns"]}"),
            ("/api/leads/", $"{things["leads"]}"), ("/api/contacts/", $"{things["contacts"]}"), ("/api/rights/erasures/", $"{things["rights"]}"), ("/api/workspaces/", $"{DemoWorkspace.Id}"),
            ("/api/workflow-instances/", $"{instance}"), ("/elsa/api/workflow-instances/", $"{instance}"), ("/studio/instances/", $"{instance}"), ("/api/workflows/", definition), ("/studio/definitions/", definition),
            ("/elsa/api/activity-executions/by-id", $"?id={execution}"), ("/elsa/api/activity-executions/list", $"?workflowInstanceId={instance}"), ("/elsa/api/activity-execution-summaries/", $"?workflowInstanceId={instance}"),
            ("/elsa/api/activity-executions/", $"{execution}"), ("/elsa/api/resilience/retries/", $"{execution}"), ("/elsa/api/workflow-definitions/by-id/", version!), ("/elsa/api/workflow-definitions/subgraph/", version!),
            ("/elsa/api/workflow-definitions/many-by-id", $"?ids={version}"), ("/elsa/api/workflow-definitions/", definition), ("/elsa/api/bookmarks/resume", $"?t={link}"), ("/elsa/api/events/trigger", $"?t={link}"),
            ("/elsa/api/descriptors/activities/", "LeadSens.SourceLeads"), ("/elsa/api/features/installed/", "Elsa.Workflows"), ("/api/connections/", "hubspot"), ("/openapi/", "v1"), ("/workflows/", "orders"),
        ];
    }

    private static string PathOf(string template, List<(string Template, string Value)> ids)
    {
        var value = ids.FirstOrDefault(id => template.StartsWith(id.Template, StringComparison.Ordinal)).Value;
        if (value?.StartsWith('?') == true) return template + value;
        var path = Parameter().Replace(template, value ?? "");
        return path.EndsWith("/callback", StringComparison.Ordinal) ? path + "?code=made-up&state=made-up" : path;
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
