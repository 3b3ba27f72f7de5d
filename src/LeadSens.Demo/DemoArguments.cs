namespace LeadSens.Demo;

/// <summary>What the command line asks for.</summary>
/// <param name="Seed">Which people the Sandbox has; null: others than in the last run, so that a second demo finds new ones.</param>
internal sealed record DemoArguments(int Leads = 200, int? Seed = null, bool AutoApprove = false, bool Json = false, int? Port = null)
{
    public const string Usage = "usage: ./run.sh demo [--leads N] [--seed S] [--auto-approve] [--json] [--port P] [--no-build]";

    /// <summary>Null when an argument is not understood.</summary>
    public static DemoArguments? Parse(ReadOnlySpan<string> args)
    {
        var parsed = new DemoArguments();
        for (var at = 0; at < args.Length; at++)
        {
            var next = args[at] switch
            {
                "--auto-approve" => parsed with { AutoApprove = true },
                "--json" => parsed with { Json = true },
                _ => parsed.WithNumber(args[at], at + 1 < args.Length ? args[++at] : ""),
            };
            if (next is null) return null;
            parsed = next;
        }
        return parsed;
    }

    private DemoArguments? WithNumber(string name, string text) => (name, int.TryParse(text, out var number)) switch
    {
        ("--leads", true) when number is >= 1 and <= 1_000_000 => this with { Leads = number },
        ("--seed", true) => this with { Seed = number },
        ("--port", true) when number is >= 1 and <= 65_535 => this with { Port = number },
        _ => null,
    };
}
