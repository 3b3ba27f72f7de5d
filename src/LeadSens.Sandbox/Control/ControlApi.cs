using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LeadSens.Sandbox.Http;
using LeadSens.Sandbox.Smtp;
using LeadSens.Sandbox.State;

namespace LeadSens.Sandbox.Control;

/// <summary>What a person or a test sees and sets: <c>/_sandbox</c>.</summary>
internal sealed class ControlApi(World world, ParentWatch parent, Ports ports)
{
    private static readonly ControlJson Json = ControlJson.Default;

    public Reply Answer(Call call)
    {
        try
        {
            return Route(call);
        }
        catch (JsonException mistake)
        {
            return Problem(400, mistake.Message);
        }
    }

    private Reply Route(Call call) => (call.Method, call.Path.TrimEnd('/')) switch
    {
        ("GET", "") => Reply.Text(200, "text/html; charset=utf-8", ControlPage.Of(world)),
        ("GET", "/health") => Reply.Json(200, json => Health(json)),
        ("GET", "/calls") => Items(world.Calls.Find(call.QueryValue("vendor"), call.QueryValue("path")), Json.LoggedCall),
        ("GET", "/counts") => Items(world.Calls.Counts, Json.EndpointCount),
        ("GET", "/writes") => Items(world.Ledger.Writes.Find(call.QueryValue("vendor"), call.QueryValue("kind")), Json.CountedWrite),
        ("GET", "/mail") => Mails(call),
        ("GET", var path) when path.StartsWith("/mail/", StringComparison.Ordinal) => Mail(path[6..]),
        ("GET" or "PUT", "/faults") => Rules(call, world.Faults.Rules, world.Faults.Set, Json.FaultRuleArray),
        ("GET" or "PUT", "/limits") => Rules(call, world.Limits.Rules, world.Limits.Set, Json.LimitRuleArray),
        ("GET" or "PUT", "/latency") => Rules(call, world.Latency.Rules, world.Latency.Set, Json.LatencyRuleArray),
        ("GET" or "PUT", "/credentials") => Credentials(call),
        ("POST", "/credentials/revoke") => Revoke(),
        ("PUT", "/parent") => Adopt(call),
        ("POST", "/reset") => Reset(call),
        _ => Problem(404, "No such control. See GET /_sandbox."),
    };

    /// <summary>One rule or a list of them.</summary>
    private static Reply Rules<T>(Call call, IReadOnlyList<T> current, Action<IReadOnlyList<T>> set, JsonTypeInfo<T[]> type)
    {
        if (call.Method == "PUT")
        {
            var body = call.Body.AsSpan().TrimStart(" \r\n\t"u8);
            current = body.StartsWith("{"u8)
                ? [JsonSerializer.Deserialize(body, (JsonTypeInfo<T>)Json.GetTypeInfo(typeof(T))!)!]
                : JsonSerializer.Deserialize(body, type) ?? [];
            set(current);
        }

        return Reply.Json(200, json => JsonSerializer.Serialize(json, [.. current], type));
    }

    private Reply Credentials(Call call)
    {
        if (call.Method == "PUT") world.Credentials.Set(JsonSerializer.Deserialize(call.Body, Json.CredentialRules) ?? new());
        return Reply.Json(200, json => JsonSerializer.Serialize(json, world.Credentials.Rules, Json.CredentialRules));
    }

    private Reply Revoke()
    {
        world.Credentials.RevokeGrants();
        return Reply.Json(200, Health);
    }

    private Reply Reset(Call call)
    {
        world.Reset(call.Body.Length == 0 ? null : JsonSerializer.Deserialize(call.Body, Json.ResetRequest)?.Seed);
        return Reply.Json(200, Health);
    }

    private Reply Adopt(Call call)
    {
        parent.Pid = JsonSerializer.Deserialize(call.Body, Json.ParentRequest)!.Pid;
        return Reply.Json(200, Health);
    }

    private Reply Mails(Call call)
    {
        var mails = world.Mailbox.Find(call.QueryValue("to"));
        return call.Accept is { } accept && accept.Contains("text/html", StringComparison.Ordinal) ? Page(MailPage.List(mails)) : Items(mails, Json.ReceivedMail);
    }

    private Reply Mail(string id) => world.Mailbox.Get(id) is { } mail ? Page(MailPage.One(mail)) : Problem(404, "No such mail. See GET /_sandbox/mail.");

    private static Reply Page(string html) => Reply.Text(200, "text/html; charset=utf-8", html);

    private void Health(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("status", "ok");
        json.WriteNumber("seed", world.Seed);
        json.WriteNumber("calls", world.Calls.Total);
        json.WriteNumber("processId", Environment.ProcessId);
        json.WriteNumber("smtpPort", ports.Smtp);
        json.WriteEndObject();
    }

    private static Reply Items<T>(IReadOnlyCollection<T> items, JsonTypeInfo<T> type) => Reply.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteNumber("total", items.Count);
        json.WriteStartArray("items");
        foreach (var item in items)
        {
            JsonSerializer.Serialize(json, item, type);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static Reply Problem(int status, string detail) => Reply.Json(status, json =>
    {
        json.WriteStartObject();
        json.WriteNumber("status", status);
        json.WriteString("detail", detail);
        json.WriteEndObject();
    });
}
