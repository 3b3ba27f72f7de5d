using System.Text;
using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Control;

/// <summary>One call as it was received. <c>Status</c> is 0 where the connection ended without an answer.</summary>
internal sealed class LoggedCall(Call call, int status, FaultMode? fault)
{
    private byte[]? body = call.Body;

    public DateTimeOffset At { get; } = call.At;
    public string Vendor { get; } = call.Vendor;
    public string Method { get; } = call.Method;
    public string Path { get; } = call.Query.Length == 0 ? call.Path : call.Path + call.Query;
    public string Endpoint { get; } = call.Endpoint;
    public int Status => status;
    public FaultMode? Fault => fault;
    public string? Correlation { get; } = call.Correlation;
    /// <summary>The client gave up before the answer was ready.</summary>
    public bool ClientLeft { get; set; }
    public string Body => body is { } bytes ? Encoding.UTF8.GetString(bytes) : "(forgotten)";
    public int Size => body?.Length ?? 0;

    public void ForgetBody() => body = null;
}
