using LeadSens.Sandbox.Http;
using LeadSens.Sandbox.State;

namespace LeadSens.Sandbox.Slack;

/// <summary>Slack's incoming webhooks: plain text answers, the address is the secret.</summary>
internal sealed class SlackVendor : Vendor
{
    private readonly Ledger ledger;
    private readonly TimeProvider clock;
    private readonly Operation post;

    public SlackVendor(Ledger ledger, TimeProvider clock) : base("slack")
    {
        (this.ledger, this.clock) = (ledger, clock);
        post = new Operation("POST /services/{team}/{channel}/{secret}", Post);
    }

    public override Operation? Find(Call call) => call.Method == "POST" && call.Path.Split('/') is ["", "services", { Length: > 0 }, { Length: > 0 }, { Length: > 0 }] ? post : null;

    public override Reply Error(int status, string? message = null) => Reply.Text(status, "text/plain", message ?? status switch
    {
        400 => "invalid_payload",
        403 => "action_prohibited",
        404 => "no_service",
        410 => "channel_is_archived",
        429 => "rate_limited",
        _ => "server_error",
    });

    public override Reply ErrorInside() => Error(500);

    private Reply Post(Call call)
    {
        using var message = JsonReading.Object(call.Body);
        if (message is null)
        {
            return Error(400);
        }

        if (message.RootElement.Text("text") is not { Length: > 0 })
        {
            return Error(400, "no_text");
        }

        ledger.Record([new SlackMessagePosted(call.Path, System.Text.Encoding.UTF8.GetString(call.Body)) { At = clock.GetUtcNow() }]);
        return Reply.Text(200, "text/plain", "ok");
    }
}
