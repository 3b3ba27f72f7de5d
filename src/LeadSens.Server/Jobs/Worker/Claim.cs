namespace LeadSens.Server.Jobs;

/// <summary>Jobs that were claimed together.</summary>
/// <param name="Jobs">They share the claim token.</param>
/// <param name="Keys">Every account that the jobs call.</param>
/// <param name="Held">Those of them whose limits were asked: each job uses a place of each until it ends.</param>
/// <param name="Grant">When the jobs may start; null: at once.</param>
/// <param name="ReservedUsd">What each job holds of its campaign's budget; 0 where there is none.</param>
/// <param name="Probe">It finds out whether an account whose circuit is open is back.</param>
internal sealed record Claim(
    IReadOnlyList<ClaimedJob> Jobs, string[] Keys, LimitCost[] Held, LimitGrant? Grant, decimal ReservedUsd, string? Probe);
