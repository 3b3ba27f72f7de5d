using System.ComponentModel.DataAnnotations;

namespace LeadSens.Server.Workflows.Http;

/// <summary>Requests to endpoints of workflows (configuration section <c>Workflows:Http</c>).</summary>
internal sealed class IncomingOptions
{
    public const string Section = OutgoingOptions.Section;

    public const int MostBytes = 16 * 1024 * 1024;

    /// <summary>The workspace of <c>/workflows/{path}</c> for callers who name none; absent: outside production the demo workspace, in production none.</summary>
    public Guid? DefaultWorkspace { get; set; }

    /// <summary>A request becomes a part of the run's state. An endpoint may take less.</summary>
    [Range(1_024, MostBytes)]
    public int MaxRequestBytes { get; set; } = 1024 * 1024;

    /// <summary>How long a caller waits for an answer where the endpoint does not say it.</summary>
    [Range(0.05, 600)]
    public double AnswerSeconds { get; set; } = 30;

    /// <summary>How long a repeated request gets the answer of the first.</summary>
    [Range(1, 720)]
    public int RememberHours { get; set; } = 24;
}
