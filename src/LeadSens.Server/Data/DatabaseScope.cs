namespace LeadSens.Server.Data;

/// <summary>On whose behalf the code that runs now asks the database. It is entered where that is decided and nowhere else: the access rules of a request, the start of a job, of a
/// burst. Code inside cannot widen it by an id that it was given, and who entered none sees nothing of any workspace.</summary>
/// <param name="Workspace">Whose rows there are; null: none, or all.</param>
/// <param name="SpansWorkspaces">All rows are there. The places that enter such a scope are listed in a test.</param>
/// <param name="Request">The request that it is part of; null: the Server's own work.</param>
internal sealed record DatabaseScope(Guid? Workspace, bool SpansWorkspaces, RequestTurn? Request)
{
    /// <summary>Where none was entered.</summary>
    private static readonly DatabaseScope Nobody = new(null, false, null);

    private static readonly AsyncLocal<DatabaseScope?> Entered = new();

    public static DatabaseScope Current => Entered.Value ?? Nobody;

    public bool Sees(Guid workspaceId) => SpansWorkspaces || Workspace == workspaceId;

    /// <summary>The Server's own work for one workspace, until disposed of.</summary>
    public static Left Work(Guid workspaceId) => Enter(new(workspaceId, false, null));

    /// <summary>The Server's own work over all workspaces, also where a request set it going.</summary>
    public static Left AllWorkspaces() => Enter(new(null, true, null));

    /// <summary>A request before it is known whose it is: signing in, links, webhooks.</summary>
    public static Left Begin(RequestTurn request) => Enter(new(null, true, request));

    /// <summary>From here on the work, or the request, is one workspace's.</summary>
    public static Left Narrow(Guid workspaceId) => Enter(new(workspaceId, false, Current.Request));

    private static Left Enter(DatabaseScope scope)
    {
        var left = new Left(Entered.Value);
        Entered.Value = scope;
        return left;
    }

    /// <summary>Goes back to the scope before.</summary>
    public readonly struct Left(DatabaseScope? before) : IDisposable
    {
        public void Dispose() => Entered.Value = before;
    }
}
