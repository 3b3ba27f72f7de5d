using LeadSens.Sandbox.Control;
using Microsoft.AspNetCore.WebUtilities;

namespace LeadSens.Sandbox.Http;

/// <summary>One request as it came, with what the faults want changed about its answer.</summary>
internal sealed class Call
{
    public required string Vendor { get; init; }
    public required string Method { get; init; }
    /// <summary>Without the vendor's prefix and the query: <c>/api/v2/leads/list</c>.</summary>
    public required string Path { get; init; }
    public required string Query { get; init; }
    public required byte[] Body { get; init; }
    public required DateTimeOffset At { get; init; }
    public string? Authorization { get; init; }
    public string? Accept { get; init; }
    public string? Correlation { get; init; }

    public string Endpoint { get; set; } = "";
    /// <summary>A read answers as of this long ago.</summary>
    public TimeSpan ReadLag { get; set; }
    public bool IgnoresSkipFlags { get; set; }
    public bool StillFills { get; set; }
    /// <summary>How the model spoils its answer, as the fault's variant says; null for a good one.</summary>
    public Spoil? ModelFault { get; set; }

    public bool HasBearer => Authorization is { Length: > 7 } value && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase);

    public string? QueryValue(string name)
    {
        foreach (var pair in new QueryStringEnumerable(Query))
        {
            if (pair.DecodeName().Span.Equals(name, StringComparison.Ordinal))
            {
                return pair.DecodeValue().ToString();
            }
        }

        return null;
    }

    public bool Concerns(string? vendor, string? pathPrefix) =>
        (vendor is null or "" || vendor.Equals(Vendor, StringComparison.OrdinalIgnoreCase))
        && (pathPrefix is null or "" || Path.StartsWith(pathPrefix, StringComparison.OrdinalIgnoreCase)
            || pathPrefix.StartsWith('/') && $"/{Vendor}{Path}".StartsWith(pathPrefix, StringComparison.OrdinalIgnoreCase));
}
