using System.ComponentModel.DataAnnotations;

namespace LeadSens.Server.Rights;

/// <summary>How long things stay (configuration section <c>Retention</c>), in days.</summary>
internal sealed class RetentionOptions
{
    public const string Section = "Retention";

    /// <summary>A lead that nothing has happened to, and whose campaign has ended, is emptied as if its person had asked for it.</summary>
    [Range(1, 36500)]
    public int LeadDays { get; set; } = 730;

    /// <summary>The texts of what providers told.</summary>
    [Range(1, 3650)]
    public int WebhookBodyDays { get; set; } = 30;

    /// <summary>That something was told, which keeps a repetition from counting twice.</summary>
    [Range(30, 3650)]
    public int WebhookDays { get; set; } = 365;

    /// <summary>Events that were sent. Dead letters stay until somebody looks.</summary>
    [Range(1, 3650)]
    public int OutboxDays { get; set; } = 90;

    /// <summary>Jobs of stages that ended, and after the campaign's end its batches. The times that its stages took stay with it.</summary>
    [Range(1, 3650)]
    public int JobDays { get; set; } = 180;

    /// <summary>Jobs of no campaign: notices to channels, renewals of tokens.</summary>
    [Range(1, 3650)]
    public int WorkspaceJobDays { get; set; } = 7;

    /// <summary>Calls of language models: no texts, but which lead they were about.</summary>
    [Range(30, 3650)]
    public int ModelCallDays { get; set; } = 730;

    /// <summary>The audit log; younger entries than 30 days go under no setting.</summary>
    [Range(30, 36500)]
    public int AuditDays { get; set; } = 730;

    /// <summary>Ended sessions, unused invitations, finished erasures.</summary>
    [Range(1, 3650)]
    public int AccountDays { get; set; } = 30;
}
