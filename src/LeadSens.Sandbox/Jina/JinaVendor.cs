using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Jina;

internal sealed class JinaVendor(int seed) : Vendor("jina")
{
    public override Operation? Find(Call call) => seed < 0 ? null : null;

    public override Reply Error(int status, string? message = null) => Reply.Text(status, "application/json", "{}");

    public override Reply ErrorInside() => Reply.Text(200, "application/json", "{}");
}
