using System.Globalization;

namespace LeadSens.Sandbox;

/// <summary>How a Sandbox is started.</summary>
/// <param name="Port">0 takes any free port.</param>
/// <param name="Seed">The same seed gives the same companies, people and pages.</param>
/// <param name="StateFile">Where effective writes are journaled, so that a stopped Sandbox forgets nothing.</param>
/// <param name="ParentPid">The process whose end (plus ten minutes, for a restarted one to adopt this Sandbox) ends this one.</param>
internal sealed record SandboxOptions(int Port = 0, int Seed = 1, string? StateFile = null, int? ParentPid = null)
{
    public const string Usage = "usage: LeadSens.Sandbox [--port P] [--seed S] [--state FILE] [--parent-pid PID]";

    /// <returns>What is wrong with the arguments, for a person; null when they are fine.</returns>
    public static string? Read(IReadOnlyList<string> args, out SandboxOptions options)
    {
        options = new SandboxOptions();
        for (var i = 0; i < args.Count; i += 2)
        {
            if (i + 1 == args.Count)
            {
                return $"{args[i]} needs a value\n{Usage}";
            }

            if (options.With(args[i], args[i + 1]) is not { } next)
            {
                return $"{args[i]} {args[i + 1]} is not understood\n{Usage}";
            }

            options = next;
        }

        return null;
    }

    private SandboxOptions? With(string name, string value) => (name, Number(value)) switch
    {
        ("--port", >= 0 and <= 65535 and var port) => this with { Port = port },
        ("--seed", { } seed) => this with { Seed = seed },
        ("--parent-pid", > 0 and var pid) => this with { ParentPid = pid },
        ("--state", _) when value.Length > 0 => this with { StateFile = value },
        _ => null,
    };

    private static int? Number(string value) =>
        int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;
}
