using System.Runtime.CompilerServices;

namespace LeadSens.Engine;

/// <summary>What one evaluation of a script may use. Jint's own limits look at statements only; the rest is counted by <see cref="ScriptGuard"/>.</summary>
internal static class ScriptLimits
{
    public const int SourceLength = 10_000;
    public const int Nesting = 100;
    public const int Statements = 100_000;
    public const int TextLength = 200_000;
    public const int ListLength = 20_000;

    /// <summary>Characters read and written plus items touched by built-ins.</summary>
    public const long Work = 4_000_000;

    public static readonly TimeSpan Time = TimeSpan.FromMilliseconds(250);
    public static readonly TimeSpan Match = TimeSpan.FromMilliseconds(100);

    /// <summary>Jint makes regular expressions without a time-out; the process-wide default is the only one that they get. It must be set
    /// before the first regular expression of the process.</summary>
    [ModuleInitializer]
    internal static void SetMatchTimeout()
    {
        if (AppDomain.CurrentDomain.GetData("REGEX_DEFAULT_MATCH_TIMEOUT") is null) AppDomain.CurrentDomain.SetData("REGEX_DEFAULT_MATCH_TIMEOUT", Match);
    }
}

/// <summary>A script used more than it may.</summary>
internal sealed class ScriptLimitException(string message) : Exception(message);
