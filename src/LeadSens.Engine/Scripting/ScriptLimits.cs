using System.Runtime.CompilerServices;

namespace LeadSens.Engine;

/// <summary>What the text of a script may be, and what one that runs in this process may touch.</summary>
internal static class ScriptLimits
{
    public const int SourceLength = 10_000;
    public const int Nesting = 100;

    /// <summary>Nodes of a script that runs in this process.</summary>
    public const int Nodes = 500;

    /// <summary>Characters read, joined and written in this process; a script that wants more goes to a host.</summary>
    public const int Work = 500_000;

    public static readonly TimeSpan Match = TimeSpan.FromMilliseconds(100);

    /// <summary>A regular expression without a time-out of its own gets the process-wide default. It must be set before the first one of the process.</summary>
    [ModuleInitializer]
    internal static void SetMatchTimeout()
    {
        if (AppDomain.CurrentDomain.GetData("REGEX_DEFAULT_MATCH_TIMEOUT") is null) AppDomain.CurrentDomain.SetData("REGEX_DEFAULT_MATCH_TIMEOUT", Match);
    }
}
