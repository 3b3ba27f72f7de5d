namespace LeadSens.Server.Leads;

/// <summary>The moves that leads make, all of them: nobody writes <c>leads.status</c> but through one of these.</summary>
internal static class LeadMoves
{
    /// <summary>The search found the person.</summary>
    public static readonly LeadMove Source = new([], [LeadStatus.Sourced, LeadStatus.Suppressed]);

    /// <summary>Somebody works on the address already, or it is on the list.</summary>
    public static readonly LeadMove SetAside = new([LeadStatus.Sourced], [LeadStatus.Duplicate, LeadStatus.Suppressed]);

    public static readonly LeadMove Score = new([LeadStatus.Sourced], [LeadStatus.Scored], OrFailed: true);

    /// <summary>Again, too, when the threshold was changed.</summary>
    public static readonly LeadMove Filter = new([LeadStatus.Scored, LeadStatus.Qualified, LeadStatus.Skipped], [LeadStatus.Qualified, LeadStatus.Skipped]);

    public static readonly LeadMove Draft = new([LeadStatus.Qualified, LeadStatus.Drafted], [LeadStatus.Drafted], OrFailed: true);

    /// <summary>A stage could not take it further. <c>failed_from</c> keeps where it was.</summary>
    public static readonly LeadMove Fail = new([LeadStatus.Sourced, LeadStatus.Qualified, LeadStatus.Drafted, LeadStatus.Failed], [LeadStatus.Failed]);

    /// <summary>It came onto the list before it was written to; whoever was written to keeps the state: what was done stays done.</summary>
    public static readonly LeadMove Suppress = new([LeadStatus.Drafted, LeadStatus.Approved], [LeadStatus.Suppressed]);

    /// <summary>What another box approved may be decided once more. With changes asked for it is drafted again.</summary>
    public static readonly LeadMove Decide = new([LeadStatus.Drafted, LeadStatus.Approved], [LeadStatus.Approved, LeadStatus.Rejected, LeadStatus.Qualified]);

    /// <summary>The last look before the push, or the provider, refused it.</summary>
    public static readonly LeadMove Refuse = new([LeadStatus.Approved], [LeadStatus.Suppressed, LeadStatus.Failed]);

    public static readonly LeadMove Push = new([LeadStatus.Approved], [LeadStatus.Pushed]);

    public static readonly LeadMove Sync = new([LeadStatus.Pushed], [LeadStatus.Synced]);

    /// <summary>What the provider tells of it afterwards, perhaps before the push was read back. Who unsubscribed stays so.</summary>
    public static readonly LeadMove Answer = new(
        [LeadStatus.Approved, LeadStatus.Pushed, LeadStatus.Synced, LeadStatus.Replied, LeadStatus.Bounced],
        [LeadStatus.Replied, LeadStatus.Bounced, LeadStatus.Unsubscribed]);

    /// <summary>The person was erased; whoever was written to keeps the state.</summary>
    public static readonly LeadMove Erase = new(
        [
            LeadStatus.New, LeadStatus.Sourced, LeadStatus.Duplicate, LeadStatus.Suppressed, LeadStatus.Scored, LeadStatus.Skipped, LeadStatus.Qualified,
            LeadStatus.Drafted, LeadStatus.Approved, LeadStatus.Rejected, LeadStatus.Failed,
        ],
        [LeadStatus.Suppressed]);
}
