using System.Text.Json;
using System.Text.Json.Serialization;
using LeadSens.Server.Enrichment;

namespace LeadSens.Server.Leads;

/// <summary>What is stored as JSON beside a lead.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ScoreBreakdown))]
[JsonSerializable(typeof(CompanyProfile))]
internal sealed partial class LeadJson : JsonSerializerContext;
