namespace LeadSens.Server.Tests.Support;

/// <summary>Which of a stage's calls a fault hits.</summary>
/// <param name="Contains">Text of the path or the body; a fault hits one lead of several by it.</param>
public sealed record FaultTarget(string Vendor, string PathPrefix = "/", string? Contains = null)
{
    internal object With(BadAnswer answer, int? times) => new
    {
        vendor = Vendor, pathPrefix = PathPrefix, contains = Contains, times,
        mode = answer.Mode, variant = answer.Variant, status = answer.Status, retryAfter = answer.RetryAfter,
    };

    /// <summary>The calls that the Sandbox received at it.</summary>
    internal async Task<IReadOnlyList<SandboxCall>> CallsAsync(TestSandbox sandbox) =>
        [.. (await sandbox.CallsAsync(Vendor)).Where(call => call.Path.StartsWith(PathPrefix, StringComparison.OrdinalIgnoreCase)
            && (Contains is null || call.Path.Contains(Contains, StringComparison.OrdinalIgnoreCase) || call.Body.Contains(Contains, StringComparison.Ordinal)))];
}

/// <summary>A way in which a provider does not answer as its contract says.</summary>
/// <param name="TakesEffect">The provider did what it was asked for; only its answer is spoiled.</param>
internal sealed record BadAnswer(string Mode, string? Variant = null, int? Status = null, int? RetryAfter = null, bool TakesEffect = false)
{
    private static readonly Dictionary<string, BadAnswer> All = new()
    {
        ["JSON that breaks off"] = new("malformed", "json", TakesEffect: true),
        ["a web page"] = new("malformed", "html", TakesEffect: true),
        ["an empty body"] = new("malformed", "empty", TakesEffect: true),
        ["200 with an error inside"] = new("malformed", "errorInside"),
        ["500"] = new("status", Status: 500),
        ["503 with Retry-After"] = new("status", Status: 503, RetryAfter: 20),
        ["a reset"] = new("reset"),
        ["silence"] = new("timeout"),
    };

    /// <summary>What passes: the same call may succeed a moment later.</summary>
    public static TheoryData<string> Passing => [.. All.Keys];

    /// <summary>Of those, the ones that stand for all when a provider does not recover; a call that takes effect would be found there.</summary>
    public static TheoryData<string> Lasting => ["200 with an error inside", "500"];

    public static BadAnswer Named(string name) => All[name];

    public static BadAnswer Of(int status, int? retryAfter = null) => new("status", Status: status, RetryAfter: retryAfter);
}
