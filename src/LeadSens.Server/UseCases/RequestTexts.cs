using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LeadSens.Server.Api;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace LeadSens.Server.UseCases;

/// <summary>Holds every text of a request against <see cref="TextRule"/>, every page against its limits, and misses what cannot be left out, whatever the
/// request came through. What a field may say is known from how requests are read as JSON.</summary>
internal sealed class RequestTexts(IOptions<JsonOptions> json)
{
    private readonly JsonSerializerOptions _options = ReadOnly(json.Value.SerializerOptions);

    public FieldErrors Check(object? request)
    {
        var errors = new FieldErrors();
        Check(request, "", allowsLines: false, errors);
        return errors;
    }

    private void Check(object? value, string field, bool allowsLines, FieldErrors errors)
    {
        switch (value)
        {
            case null or Guid or bool or decimal or int or long or double or DateTimeOffset or Enum:
                return;
            case string text:
                if (TextRule.ProblemOf(text, allowsLines) is { } problem) errors.Add(NameOf(field), problem);
                return;
            case PageRequest page:
                CheckPage(typeof(PageRequest), page.Cursor, page.Limit, errors);
                return;
            case NumberedPage page:
                CheckPage(typeof(NumberedPage), page.Cursor, page.Limit, errors);
                return;
        }

        var type = _options.GetTypeInfo(value.GetType());
        if (type.Kind == JsonTypeInfoKind.Enumerable)
        {
            foreach (var element in (IEnumerable)value) Check(element, field, allowsLines, errors);
        }

        foreach (var property in type.Properties)
        {
            if (property.Get is not { } get) continue;
            var (part, name) = (get(value), field.Length == 0 ? property.Name : $"{field}.{property.Name}");
            if (part is null && !property.IsGetNullable) errors.Add(name, "This is missing.");
            Check(part, name, TextConverter.AllowsLines(property), errors);
        }
    }

    private static void CheckPage(Type type, string? cursor, int? limit, FieldErrors errors)
    {
        var size = limit?.ToString(CultureInfo.InvariantCulture);
        if (size is not null && PageLimits.ProblemOf(type, nameof(PageRequest.Limit), size) is { } outOfRange) errors.Add("limit", outOfRange);
        if (cursor is null) return;
        if ((TextRule.ProblemOf(cursor) ?? PageLimits.ProblemOf(type, nameof(PageRequest.Cursor), cursor)) is { } problem) errors.Add("cursor", problem);
    }

    private static string NameOf(string field) => field.Length == 0 ? "body" : field;

    /// <summary>What is known of types is kept from then on.</summary>
    private static JsonSerializerOptions ReadOnly(JsonSerializerOptions options)
    {
        options.MakeReadOnly();
        return options;
    }
}
