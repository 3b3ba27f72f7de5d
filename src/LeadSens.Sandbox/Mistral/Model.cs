using System.Text.Json;
using LeadSens.Sandbox.Control;
using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Mistral;

/// <summary>A language model of rules: it answers from what the prompt holds, the same every time.</summary>
internal static class Model
{
    public static ModelAnswer Answer(JsonElement request, Prompt prompt, Spoil? fault)
    {
        var schema = request.Member("response_format")?.Member("json_schema");
        if (schema is null)
        {
            return new ModelAnswer(Spoiled(Talk(request, prompt, out var calls), fault), calls);
        }

        var answer = schema.Value.Text("name") switch
        {
            "lead_score" => LeadScore.Answer(prompt),
            "company_profile" => CompanyProfile.Answer(prompt),
            "email_step" => EmailStep.Answer(prompt, fault),
            _ => SchemaAnswer.Of(schema.Value.GetProperty("schema"), prompt.Last),
        };
        return new ModelAnswer(Spoiled(answer, fault));
    }

    private static string Talk(JsonElement request, Prompt prompt, out IReadOnlyList<ToolCall> calls)
    {
        calls = prompt.ToolResults.Count > 0 ? [] : ToolRules.Choose(request, prompt.Last);
        if (calls.Count > 0)
        {
            return "";
        }

        if (request.Member("response_format")?.Text("type") == "json_object")
        {
            return """{"answer":"ok"}""";
        }

        return prompt.ToolResults.Count > 0
            ? $"Done. {string.Join(' ', prompt.ToolResults.Select(result => Short(result)))}"
            : $"I read: {Short(prompt.Last)}";
    }

    private static string Spoiled(string answer, Spoil? fault) => fault switch
    {
        Spoil.BrokenJson => $"Sure! Here is the JSON you asked for:\n```json\n{answer[..(answer.Length * 2 / 3)]}",
        Spoil.BadSchema => """{"score":42,"verdict":"excellent","subject":7}""",
        _ => answer,
    };

    private static string Short(string text) => text.Length <= 400 ? text : string.Concat(text.AsSpan(0, 400), "…");
}
