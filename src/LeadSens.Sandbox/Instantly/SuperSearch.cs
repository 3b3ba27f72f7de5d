using System.Text.Json;
using LeadSens.Sandbox.Data;
using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Instantly;

/// <summary>Counting, previewing and buying leads from the search.</summary>
internal sealed class SuperSearch(Workspace workspace)
{
    private const int PreviewLength = 25;

    public Reply Count(Call call) => With(call, (_, market) => Reply.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteNumber("number_of_leads", market.Size);
        json.WriteEndObject();
    }));

    public Reply Preview(Call call) => With(call, (_, market) => Reply.Json(200, json =>
    {
        var shown = Math.Min(PreviewLength, market.Size);
        json.WriteStartObject();
        json.WriteNumber("number_of_leads", market.Size);
        json.WriteNumber("number_of_redacted_results", market.Size - shown);
        json.WriteStartArray("leads");
        for (var i = 0; i < shown; i++)
        {
            LeadJson.Preview(json, market.Person(i));
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }));

    public Reply Enrich(Call call) => With(call, (body, market) =>
    {
        if (body.Number("limit") is not (>= 1 and <= 1_000_000 and var limit))
        {
            return InstantlyErrors.Invalid("body/limit must be >= 1 and <= 1000000");
        }

        var filters = body.GetProperty("search_filters").GetRawText();
        if (body.Text("resource_id") is not null)
        {
            return InstantlyErrors.Invalid("body/resource_id is not supported for a list that was not created by a search");
        }

        var list = workspace.Buy(body.Text("list_name") ?? body.Text("search_name") ?? "SuperSearch", filters, market, limit, body.Flag("skip_rows_without_email"));
        return Reply.Json(200, json => LeadJson.Enrichment(json, list, inProgress: true));
    });

    public Reply Status(Call call)
    {
        var id = call.Path[(call.Path.LastIndexOf('/') + 1)..];
        var list = workspace.List(id, call.ReadLag);
        return Reply.Json(200, json =>
        {
            if (list is null)
            {
                json.WriteStartObject();
                json.WriteString("resource_id", id);
                json.WriteBoolean("exists", false);
                json.WriteBoolean("in_progress", false);
                json.WriteBoolean("has_no_leads", true);
                json.WriteEndObject();
                return;
            }

            LeadJson.Enrichment(json, list, list.Poll() || call.StillFills);
        });
    }

    private Reply With(Call call, Func<JsonElement, Market, Reply> answer)
    {
        using var body = JsonReading.Object(call.Body);
        if (body is null)
        {
            return InstantlyErrors.Invalid("Body is not valid JSON");
        }

        return SearchFilters.Read(body.RootElement, out var target) is { } mistake
            ? InstantlyErrors.Invalid(mistake)
            : answer(body.RootElement, workspace.Market(target));
    }
}
