namespace LeadSens.Sandbox.Http;

/// <summary>One operation of a vendor's API.</summary>
/// <param name="Name">How it is counted: method and path with its variable parts named, <c>GET /api/v2/campaigns/{id}</c>.</param>
internal sealed record Operation(string Name, Func<Call, Reply> Answer);

/// <summary>A stand-in for one vendor: finds the operation and knows how the vendor says no.</summary>
internal abstract class Vendor(string name)
{
    public string Name { get; } = name;

    public abstract Operation? Find(Call call);

    /// <summary>The vendor's own error body for a status.</summary>
    public abstract Reply Error(int status, string? message = null);

    /// <summary>A 200 whose body says that it failed.</summary>
    public abstract Reply ErrorInside();
}
