using LeadSens.Sandbox.Control;
using LeadSens.Sandbox.State;

namespace LeadSens.Sandbox.Http;

/// <summary>A request's way: read, limit, faults, answer, latency, log. The write takes effect before the latency, as at a real server.</summary>
internal sealed class CallPipeline(World world, ControlApi control, Webhooks webhooks, TimeProvider clock)
{
    public async Task HandleAsync(HttpContext context)
    {
        var received = clock.GetTimestamp();
        var call = await CallReader.ReadAsync(context, clock);
        if (call.Vendor is "_sandbox" or "" or "favicon.ico")
        {
            var calls = call is { Vendor: "_sandbox", Method: "POST" } && call.Path.TrimEnd('/') == "/webhooks";
            await SendAsync(context, calls ? await webhooks.SendAsync(call, context.RequestAborted) : control.Answer(call));
            return;
        }

        if (world.Vendor(call.Vendor) is not { } vendor)
        {
            await SendAsync(context, Reply.Text(404, "text/plain", "No such vendor. See /_sandbox."));
            return;
        }

        await AnswerAsync(context, vendor, call, received);
    }

    private async Task AnswerAsync(HttpContext context, Vendor vendor, Call call, long received)
    {
        var endpoint = vendor.Find(call);
        call.Endpoint = endpoint?.Name ?? $"{call.Method} (unknown)";
        var fault = world.Faults.Meet(call);
        var reply = Decide(vendor, endpoint, call, fault);
        var entry = world.Calls.Add(call, reply?.Status ?? 0, fault?.Mode);
        var delay = world.Latency.For(call) + (fault?.Delay ?? TimeSpan.Zero) - clock.GetElapsedTime(received);
        if (reply is null)
        {
            await DropAsync(context, vendor, endpoint, call, fault!);
            return;
        }

        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, clock, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (context.RequestAborted.IsCancellationRequested)
        {
            entry.ClientLeft = true;
            return;
        }

        await SendAsync(context, reply);
    }

    /// <returns>Null when the connection ends without an answer.</returns>
    private Reply? Decide(Vendor vendor, Operation? endpoint, Call call, FaultMet? fault)
    {
        if (endpoint is null)
        {
            return vendor.Error(404);
        }

        if (world.Limits.Refuse(call) is { } refusal)
        {
            return vendor.Error(429).RetryAfter(refusal.RetryAfter);
        }

        if (fault?.Mode is null or FaultMode.Slow && world.Credentials.Refuse(call) is { } refused)
        {
            return vendor.Error(refused);
        }

        switch (fault?.Mode)
        {
            case FaultMode.Status:
                return vendor.Error(fault.Rule.Status ?? 500).RetryAfter(fault.Rule.RetryAfter);
            case FaultMode.Timeout or FaultMode.Reset or FaultMode.AcceptLate:
                return null;
            case FaultMode.AcceptThenDrop:
                endpoint.Answer(call);
                return null;
            case FaultMode.Malformed when fault.Rule.Spoil is Spoil.ErrorInside:
                return vendor.ErrorInside();
            case FaultMode.Malformed:
                return Malformed.Of(endpoint.Answer(call), fault.Rule.Spoil);
            default:
                return endpoint.Answer(call);
        }
    }

    private async Task DropAsync(HttpContext context, Vendor vendor, Operation? endpoint, Call call, FaultMet fault)
    {
        if (fault.Mode is FaultMode.Timeout)
        {
            await Task.Delay(fault.Wait, clock, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        context.Abort();
        if (fault.Mode is FaultMode.AcceptLate)
        {
            await Task.Delay(fault.Wait, clock);
            _ = endpoint?.Answer(call) ?? vendor.Error(404);
        }
    }

    private static async Task SendAsync(HttpContext context, Reply reply)
    {
        var response = context.Response;
        response.StatusCode = reply.Status;
        response.ContentType = reply.ContentType;
        foreach (var (name, value) in reply.Headers)
        {
            response.Headers[name] = value;
        }

        if (reply.Events.Count == 0)
        {
            response.ContentLength = reply.Body.Length;
        }

        await response.BodyWriter.WriteAsync(reply.Body, context.RequestAborted);
        foreach (var part in reply.Events)
        {
            await response.BodyWriter.WriteAsync(part, context.RequestAborted);
        }
    }
}
