using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace LeadSens.Server.Leads;

/// <summary>JSON inside prompts: accents as they are (escapes cost tokens), but &lt; and &gt; escaped, so that no value can close its block.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(LeadFacts))]
[JsonSerializable(typeof(Campaigns.Icp))]
[JsonSerializable(typeof(Enrichment.CompanyProfile))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<Drafting.StyleSample>))]
internal sealed partial class PromptJson : JsonSerializerContext
{
    public static readonly PromptJson Readable = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) });

    /// <summary>Text that goes into a block as it is: it cannot open or close one.</summary>
    public static string Plain(string text) => text.Replace('<', '‹').Replace('>', '›');
}
