using System.Globalization;

namespace LeadSens.Scripts;

/// <summary>What one evaluation in a host may use. The host keeps to them as far as it can; whoever started it holds it to them from outside.</summary>
/// <param name="Time">Wall time.</param>
/// <param name="HeapMegabytes">The runtime's limit on the managed heap of the process.</param>
/// <param name="Statements">Statements that the interpreter executes.</param>
public sealed record HostLimits(TimeSpan Time, int HeapMegabytes, int Statements)
{
    /// <summary>Calls of functions inside functions.</summary>
    public const int Recursion = 200;

    /// <summary>Items of an array, and of a list that comes out.</summary>
    public const int ListLength = 20_000;

    /// <summary>Levels of a value that goes in or comes out, and of JSON text that is parsed.</summary>
    public const int Depth = 32;

    /// <summary>The stack of the thread that evaluates.</summary>
    public const int StackMegabytes = 4;

    public string[] ToArguments() =>
    [
        ((long)Time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture),
        HeapMegabytes.ToString(CultureInfo.InvariantCulture),
        Statements.ToString(CultureInfo.InvariantCulture),
    ];

    public static HostLimits Of(string[] arguments) => new(
        TimeSpan.FromMilliseconds(long.Parse(arguments[0], CultureInfo.InvariantCulture)),
        int.Parse(arguments[1], CultureInfo.InvariantCulture),
        int.Parse(arguments[2], CultureInfo.InvariantCulture));
}
