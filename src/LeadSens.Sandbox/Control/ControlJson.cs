using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeadSens.Sandbox.Control;

internal sealed record ResetRequest(int? Seed = null);

internal sealed record ParentRequest(int Pid);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FaultRule[]))]
[JsonSerializable(typeof(LimitRule[]))]
[JsonSerializable(typeof(LatencyRule[]))]
[JsonSerializable(typeof(CredentialRules))]
[JsonSerializable(typeof(ResetRequest))]
[JsonSerializable(typeof(ParentRequest))]
[JsonSerializable(typeof(WebhookRequest))]
[JsonSerializable(typeof(LoggedCall))]
[JsonSerializable(typeof(EndpointCount))]
[JsonSerializable(typeof(State.CountedWrite))]
[JsonSerializable(typeof(Smtp.ReceivedMail))]
internal sealed partial class ControlJson : JsonSerializerContext;
