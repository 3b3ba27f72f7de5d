namespace LeadSens.Server.Drafting;

/// <summary>One e-mail of the sequence: what it is for and how long it may be.</summary>
internal sealed record SequenceStep(int Number, string Framework, int MaxWords)
{
    public static readonly IReadOnlyList<SequenceStep> All = [new(1, "PAS", 150), new(2, "value-add", 100), new(3, "breakup", 80)];
}
