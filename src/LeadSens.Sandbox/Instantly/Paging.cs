using System.Text.Json;
using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Instantly;

/// <summary><c>{items, next_starting_after}</c>. Every page with items gives a cursor, also the last: the reader stops on empty items.</summary>
internal sealed record Paging(int Limit, string? After)
{
    public static Paging? FromQuery(Call call) =>
        int.TryParse(call.QueryValue("limit") ?? "10", out var limit) && limit is >= 1 and <= 100 ? new Paging(limit, call.QueryValue("starting_after")) : null;

    public Reply Answer<T>(IReadOnlyList<T> all, Func<T, string> id, Action<Utf8JsonWriter, T> write)
    {
        var start = 0;
        if (After is not null)
        {
            while (start < all.Count && id(all[start]) != After)
            {
                start++;
            }

            start++;
        }

        var end = Math.Min(all.Count, start + Limit);
        return Reply.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("items");
            for (var i = start; i < end; i++)
            {
                write(json, all[i]);
            }

            json.WriteEndArray();
            Next(json, start < end ? id(all[end - 1]) : null);
        });
    }

    /// <summary>A bought list: its people are computed page by page, their ids hold their number.</summary>
    public Reply Answer(LeadList list, LeadQuery query, Workspace workspace)
    {
        var index = After is null ? 0 : LeadJson.IndexOf(After) + 1;
        var count = list.IsFilling ? 0 : list.Bought;
        return Reply.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("items");
            string? last = null;
            for (var written = 0; index < count && written < Limit; index++)
            {
                var person = list.Person(index);
                if (!query.IsSet || query.Fits(person.Email, $"{person.FirstName} {person.LastName}"))
                {
                    last = LeadJson.Id(list, index);
                    LeadJson.Lead(json, list, person, last, workspace.OrganizationId);
                    written++;
                }
            }

            json.WriteEndArray();
            Next(json, last);
        });
    }

    private static void Next(Utf8JsonWriter json, string? cursor)
    {
        if (cursor is not null)
        {
            json.WriteString("next_starting_after", cursor);
        }

        json.WriteEndObject();
    }
}
