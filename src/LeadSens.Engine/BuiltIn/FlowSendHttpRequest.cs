using System.Globalization;

namespace LeadSens.Engine.BuiltIn;

/// <summary>Sends an HTTP request; ends with the status that was expected (or "Unmatched status code") and Done, or with "Failed to connect" or
/// "Timeout" alone.</summary>
[Activity("Elsa", Category = "HTTP", DisplayName = "HTTP Request (flow)", Description = "Sends an HTTP request.", Kind = ActivityKind.Task,
    Outcomes = [Unmatched, Lost, Late, "Done"])]
public sealed class FlowSendHttpRequest : HttpRequestBox
{
    private const string Unmatched = "Unmatched status code", Lost = "Failed to connect", Late = "Timeout";

    [Input(Description = "The statuses that have a way of their own.", UiHint = "multitext", DefaultSyntax = "Object", Order = 8)]
    public Input<ICollection<int>> ExpectedStatusCodes { get; } = new([200]);

    internal override IEnumerable<Activity> Children => [];

    internal override IReadOnlyList<string>? Outcomes =>
        ExpectedStatusCodes.Expression is not null ? null : [.. (ExpectedStatusCodes.Constant ?? []).Select(Port), Unmatched, Lost, Late, "Done"];

    internal override IReadOnlyList<string>? ChildEnded(Burst burst, Execution self, Activity child, IReadOnlyList<string> outcomes) => null;

    private protected override ActivityResult Answered(BurstContext context, int statusCode) => context.Get(ExpectedStatusCodes) switch
    {
        null or { Count: 0 } => Done,
        { } expected when expected.Contains(statusCode) => Complete(Port(statusCode), "Done"),
        _ => Complete(Unmatched, "Done"),
    };

    private protected override ActivityResult NotConnected(BurstContext context) => Complete(Lost);

    private protected override ActivityResult TimedOut(BurstContext context) => Complete(Late);

    private static string Port(int statusCode) => statusCode.ToString(CultureInfo.InvariantCulture);
}
