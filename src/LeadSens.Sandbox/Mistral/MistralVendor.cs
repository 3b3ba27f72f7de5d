using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Mistral;

/// <summary>Mistral's chat completions and models. Completions are counted by the schema they ask for.</summary>
internal sealed class MistralVendor : Vendor
{
    private const string Chat = "POST /v1/chat/completions";
    private static readonly (byte[] Quoted, Operation Operation)[] Tasks =
    [
        Task("lead_score"), Task("company_profile"), Task("email_step"),
    ];

    private static readonly Operation Other = new(Chat, ChatCompletions.Answer);
    private static readonly Operation Models = new("GET /v1/models", call => call.HasBearer ? ModelList.Answer() : MistralErrors.Of(401, null));

    public MistralVendor() : base("mistral")
    {
    }

    public override Operation? Find(Call call) => (call.Method, call.Path) switch
    {
        ("POST", "/v1/chat/completions") => Completion(call.Body),
        ("GET", "/v1/models") => Models,
        _ => null,
    };

    public override Reply Error(int status, string? message = null) => MistralErrors.Of(status, message);

    public override Reply ErrorInside() => MistralErrors.Of(500, null) with { Status = 200 };

    // Quotes inside messages are escaped, so the bare quoted name is only found as the schema's.
    private static Operation Completion(byte[] body)
    {
        foreach (var (quoted, operation) in Tasks)
        {
            if (body.AsSpan().LastIndexOf(quoted) >= 0)
            {
                return operation;
            }
        }

        return Other;
    }

    private static (byte[], Operation) Task(string name) =>
        (System.Text.Encoding.UTF8.GetBytes($"\"{name}\""), new Operation($"{Chat}#{name}", ChatCompletions.Answer));
}
