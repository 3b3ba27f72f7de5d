using LeadSens.Server.Jobs;

namespace LeadSens.Server.Calls;

/// <summary>An answer that is still coming: until it is disposed of, its call takes its place at the account.</summary>
internal sealed record OpenAnswer(HttpResponseMessage Response, Place? Turn) : IDisposable
{
    public void Dispose()
    {
        Response.Dispose();
        Turn?.Dispose();
    }
}
