using System.Globalization;
using System.Text.Json;

namespace LeadSens.Engine.BuiltIn;

/// <summary>Sends an HTTP request, runs the activity that it holds for what came back, and ends with Done.</summary>
[Activity("Elsa", Category = "HTTP", DisplayName = "HTTP Request", Description = "Sends an HTTP request and runs the activity for its status.", Kind = ActivityKind.Task)]
public sealed class SendHttpRequest : HttpRequestBox
{
    private readonly List<(int StatusCode, Activity? Activity)> _cases = [];

    [Input(Description = "Statuses with the activities that run for them.", UiHint = "http-status-codes", DefaultSyntax = "Object", Order = 8)]
    public JsonElement ExpectedStatusCodes { get; private set; }

    public Activity? UnmatchedStatusCode { get; private set; }

    public Activity? FailedToConnect { get; private set; }

    public Activity? Timeout { get; private set; }

    internal override IEnumerable<Activity> Children => _cases.Select(one => one.Activity).Concat([UnmatchedStatusCode, FailedToConnect, Timeout]).OfType<Activity>();

    internal override void Read(ActivityReader reader)
    {
        ExpectedStatusCodes = reader.Json.Property("expectedStatusCodes") ?? default;
        foreach (var item in reader.ReadList("expectedStatusCodes"))
        {
            var path = $"expectedStatusCodes[{_cases.Count}]";
            if (StatusOf(item) is not { } status) reader.Error(path, $"What stands at {path} of {Title} has no statusCode between 100 and 599.");
            else _cases.Add((status, item.Object("activity") is { } inner ? reader.ReadInner(inner) : null));
        }

        (UnmatchedStatusCode, FailedToConnect, Timeout) = (reader.ReadChild("unmatchedStatusCode"), reader.ReadChild("failedToConnect"), reader.ReadChild("timeout"));
    }

    internal override IReadOnlyList<string>? ChildEnded(Burst burst, Execution self, Activity child, IReadOnlyList<string> outcomes) => DoneOutcome;

    private protected override ActivityResult Answered(BurstContext context, int statusCode)
    {
        var index = _cases.FindIndex(one => one.StatusCode == statusCode);
        return Run(context, index < 0 ? UnmatchedStatusCode : _cases[index].Activity);
    }

    private protected override ActivityResult NotConnected(BurstContext context) => Run(context, FailedToConnect);

    private protected override ActivityResult TimedOut(BurstContext context) => Run(context, Timeout);

    private static ActivityResult Run(BurstContext context, Activity? activity)
    {
        if (activity is null) return Done;
        context.Burst.Schedule(activity, context.Scope.Current);
        return new ActivityResult.Containing();
    }

    private static int? StatusOf(JsonElement item) => item.Property("statusCode") switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var status) && status is >= 100 and <= 599 => status,
        { ValueKind: JsonValueKind.String } text when int.TryParse(text.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 100 and <= 599 => status,
        _ => null,
    };
}
