namespace LeadSens.Server.Tests.Support;

/// <summary>Stages that look for leads and judge them share one app: starting it takes longer than most of their tests.</summary>
[CollectionDefinition]
public sealed class FindingStages : ICollectionFixture<StageApp>;

/// <summary>Stages that work for the leads which were chosen.</summary>
[CollectionDefinition]
public sealed class ReachingStages : ICollectionFixture<StageApp>;
