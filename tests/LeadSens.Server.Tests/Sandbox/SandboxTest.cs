using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Sandbox;

/// <summary>A Sandbox of its own and short words for talking to it past our own clients.</summary>
public abstract class SandboxTest : IAsyncLifetime
{
    private protected TestSandbox Sandbox { get; private set; } = null!;

    private protected static object Filters { get; } = new
    {
        title = new { include = new[] { "Head of Sales", "VP Sales" } },
        industry = new { include = new[] { "Software & Internet" } },
        locations = new { include = new[] { new { country = "France" }, new { country = "Germany" } } },
        employeeCount = new[] { "25 - 100", "100 - 250" },
    };

    public async ValueTask InitializeAsync() => Sandbox = await TestSandbox.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Sandbox.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops the Sandbox and goes on with one that keeps its state in this file.</summary>
    private protected async Task RestartAsync(string stateFile)
    {
        await Sandbox.DisposeAsync();
        Sandbox = await TestSandbox.StartAsync(stateFile);
    }

    private protected Task<Answer> PostAsync(string path, object body) => SendAsync(HttpMethod.Post, path, body);

    private protected Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    private protected async Task<Answer> SendAsync(HttpMethod method, string path, object? body, string? key = "key")
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Accept.ParseAdd("application/json");
        if (key is not null) request.Headers.Authorization = new("Bearer", key);
        if (body is not null) request.Content = JsonContent.Create(body);
        using var response = await Sandbox.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new((int)response.StatusCode, text, response.Headers.RetryAfter?.Delta?.TotalSeconds, response.Headers.Contains("X-HubSpot-RateLimit-Max"));
    }

    private protected async Task<string> BuyAsync(int limit, string name = "list", bool skipWithoutEmail = false)
    {
        var bought = await PostAsync("/instantly/api/v2/supersearch-enrichment/enrich-leads-from-supersearch", new { search_filters = Filters, limit, list_name = name, skip_rows_without_email = skipWithoutEmail });
        var id = bought.Json.GetProperty("resource_id").GetString()!;
        while ((await GetAsync($"/instantly/api/v2/supersearch-enrichment/{id}")).Json.GetProperty("in_progress").GetBoolean())
        {
        }

        return id;
    }

    private protected async Task<List<JsonElement>> LeadsAsync(object scope)
    {
        var leads = new List<JsonElement>();
        string? after = null;
        while (true)
        {
            var request = JsonSerializer.SerializeToNode(scope)!.AsObject();
            request["limit"] = 100;
            request["starting_after"] = after;
            var page = await PostAsync("/instantly/api/v2/leads/list", request);
            var items = page.Json.GetProperty("items").EnumerateArray().ToList();
            if (items.Count == 0) return leads;
            leads.AddRange(items);
            after = page.Json.GetProperty("next_starting_after").GetString();
        }
    }

    private protected async Task<string> CampaignAsync(string name = "campaign")
    {
        var created = await PostAsync("/instantly/api/v2/campaigns", CampaignBody(name));
        created.Status.ShouldBe(200, created.Text);
        return created.Json.GetProperty("id").GetString()!;
    }

    private protected static object CampaignBody(string name, string timezone = "America/Chicago") => new
    {
        name,
        campaign_schedule = new { schedules = new[] { new { name = "week", timing = new { from = "09:00", to = "17:00" }, days = new Dictionary<string, bool> { ["1"] = true }, timezone } } },
        sequences = new[] { new { steps = new[] { new { type = "email", delay = 3, delay_unit = "days", variants = new[] { new { subject = "{{subject_1}}", body = "{{body_1}}" } } } } } },
    };

    private protected Task<Answer> AddAsync(string campaign, params string[] emails) =>
        PostAsync("/instantly/api/v2/leads/add", new { campaign_id = campaign, skip_if_in_campaign = true, leads = emails.Select(email => new { email, first_name = "A" }) });

    /// <summary>What the model answers to this task, as its content.</summary>
    private protected async Task<string> AskAsync(string task, string user, object[]? more = null)
    {
        object[] messages = [new { role = "system", content = "Follow the rules. Answer in JSON." }, new { role = "user", content = user }, .. more ?? []];
        var answer = await PostAsync("/mistral/v1/chat/completions", new
        {
            model = "mistral-small-latest",
            messages,
            response_format = new { type = "json_schema", json_schema = new { name = task, strict = true, schema = new { type = "object" } } },
        });
        answer.Status.ShouldBe(200, answer.Text);
        return answer.Json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
    }

    private protected sealed record Answer(int Status, string Text, double? RetryAfter, bool HasRateHeaders)
    {
        public JsonElement Json => JsonElement.Parse(Text);
    }
}
