namespace LeadSens.Server.Api;

/// <summary>Collects what is wrong with a request, by field, so that the caller learns all of it at once.</summary>
internal sealed class FieldErrors
{
    private readonly Dictionary<string, string[]> byField = [];

    public bool Any => byField.Count > 0;

    public IReadOnlyDictionary<string, string[]> ByField => byField;

    public void Add(string field, string message) =>
        byField[field] = byField.TryGetValue(field, out var present) ? [.. present, message] : [message];

    /// <summary>Adds the message unless the condition holds.</summary>
    public void Require(bool condition, string field, string message)
    {
        if (!condition) Add(field, message);
    }
}
