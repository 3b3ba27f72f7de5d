namespace LeadSens.Demo;

/// <summary>Shows a run: bars that move in a terminal, a line per change elsewhere.</summary>
internal sealed class ProgressView(bool terminal)
{
    private const int Width = 32;

    private readonly Dictionary<string, StageProgress> shown = [];
    private int drawn;

    public void Show(CampaignView campaign, IReadOnlyList<StageProgress> stages)
    {
        if (terminal) Draw(campaign, stages);
        else Report(stages);
    }

    /// <summary>A line of its own, below what was drawn so far.</summary>
    public void Say(string line)
    {
        Console.WriteLine(line);
        drawn = 0;
    }

    private void Draw(CampaignView campaign, IReadOnlyList<StageProgress> stages)
    {
        if (drawn > 0) Console.Write($"\x1b[{drawn}A");
        foreach (var stage in stages) Console.WriteLine($"\x1b[K  {Bar(stage)}");
        Console.WriteLine($"\x1b[K  {campaign.Status}{(campaign.WaitsFor is { } waits ? $": {waits}" : "")}");
        drawn = stages.Count + 1;
    }

    private static string Bar(StageProgress stage)
    {
        var filled = stage.Total == 0 ? 0 : (int)(Width * Math.Min(stage.Done, stage.Total) / stage.Total);
        return $"{stage.Name,-8} {new string('█', filled)}{new string('·', Width - filled)} {stage.Done,7}/{stage.Total}";
    }

    private void Report(IReadOnlyList<StageProgress> stages)
    {
        foreach (var stage in stages)
        {
            if (stage.Done == 0 || shown.GetValueOrDefault(stage.Name) == stage) continue;
            shown[stage.Name] = stage;
            Console.WriteLine($"{stage.Name,-8} {stage.Done}/{stage.Total}");
        }
    }
}
