using LeadSens.Engine;

namespace LeadSens.Activities;

/// <summary>Renews the tokens of the workspace's connections that end within ten minutes, so that no work has to wait for that. A connection whose
/// provider takes its refresh token no more is broken afterwards, and what needs it waits; one that could not be asked is asked again by the next run, or
/// by the first work that needs it.</summary>
[Activity("LeadSens", Category = "LeadSens", DisplayName = "Refresh tokens",
    Description = "Renews the tokens of provider connections that end within ten minutes.")]
public sealed class RefreshTokens : BatchActivity
{
    [Output(Description = "Connections with a new token.")]
    public Output<long> Refreshed { get; set; } = new();

    [Output(Description = "Connections that somebody has to connect again.")]
    public Output<long> Broken { get; set; } = new();

    protected override string Kind => "token.refresh";

    protected override bool GoesOnWithout(StageCounts counts) => true;

    protected override ValueTask<ActivityResult> BeginAsync(ActivityContext context) => new(Open(context, null));

    protected override ActivityResult End(ActivityContext context, StageCounts counts)
    {
        context.Set(Refreshed, StageJson.Number(counts.Result, "refreshed"));
        context.Set(Broken, StageJson.Number(counts.Result, "broken"));
        return Done;
    }
}
