using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Mistral;

internal sealed class MistralVendor() : Vendor("mistral")
{
    public override Operation? Find(Call call) => null;

    public override Reply Error(int status, string? message = null) => Reply.Text(status, "application/json", "{}");

    public override Reply ErrorInside() => Reply.Text(200, "application/json", "{}");
}
