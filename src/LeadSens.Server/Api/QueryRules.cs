using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace LeadSens.Server.Api;

/// <summary>Refuses by name what the query of a list says that the list does not know: other parameters, limits out of range, cursors that nobody was given, words that are none, values of
/// another type. Binding calls the last a bad request and says no more; filters run all the same.</summary>
internal static class QueryRules
{
    /// <summary>Lists, and what takes words, get the rules of their handler's parameters.</summary>
    public static void Apply(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.OfType<MethodInfo>().FirstOrDefault() is not { } handler) return;
        var path = (endpoint as RouteEndpointBuilder)?.RoutePattern;
        var fields = FieldsOf(handler).Where(field => path?.GetParameter(field.Name!) is null).ToList();
        if (!handler.GetParameters().Any(parameter => PageLimits.IsPage(parameter.ParameterType)) && fields.All(field => OneOfAttribute.Of(field) is null)) return;
        var services = endpoint.ApplicationServices;
        var rules = fields.ToDictionary(field => JsonNamingPolicy.CamelCase.ConvertName(field.Name!), field =>
            RuleOf(field, services), StringComparer.OrdinalIgnoreCase);
        endpoint.FilterFactories.Add((_, next) => call =>
        {
            var errors = Check(call.HttpContext.Request.Query, rules);
            return errors.Any ? new(Problems.Validation(errors.ByField)) : next(call);
        });
    }

    /// <summary>What a handler takes from query or path.</summary>
    public static IEnumerable<ParameterInfo> FieldsOf(MethodInfo handler) => handler.GetParameters().SelectMany(Flatten).Where(field => IsOfQuery(field.ParameterType));

    private static FieldErrors Check(IQueryCollection query, Dictionary<string, Func<string, string?>> rules)
    {
        var errors = new FieldErrors();
        foreach (var (name, values) in query)
        {
            var problem = rules.TryGetValue(name, out var problemOf) ? problemOf(values.ToString()) : $"There is no such parameter here; there are {string.Join(", ", rules.Keys)}.";
            if (problem is not null) errors.Add(name, problem);
        }

        return errors;
    }

    private static Func<string, string?> RuleOf(ParameterInfo field, IServiceProvider services)
    {
        if (OneOfAttribute.Of(field) is { } known) return value =>
            known.WordsIn(services).Contains(value) ? null : $"'{value}' is none; known are {string.Join(", ", known.WordsIn(services))}.";
        if (field.Member.DeclaringType is { } place && PageLimits.IsPage(place)) return value => PageLimits.ProblemOf(place, field.Name!, value);
        return (Nullable.GetUnderlyingType(field.ParameterType) ?? field.ParameterType) switch
        {
            var type when type == typeof(Guid) => value => Guid.TryParse(value, out _) ? null : "This is no id.",
            var type when type == typeof(int) => value => int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? null : "This is no whole number.",
            var type when type == typeof(DateTimeOffset) => value =>
                DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out _) ? null : "This is no time, for example 2026-01-31T12:00:00Z.",
            _ => _ => null,
        };
    }

    /// <summary>Of a parameter that stands for several (<see cref="AsParametersAttribute"/>), those.</summary>
    private static IEnumerable<ParameterInfo> Flatten(ParameterInfo parameter) => parameter.IsDefined(typeof(AsParametersAttribute), inherit: false)
        ? parameter.ParameterType.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!.GetParameters() : [parameter];

    private static bool IsOfQuery(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain.IsPrimitive || plain == typeof(string) || plain == typeof(Guid) || plain == typeof(DateTimeOffset);
    }
}
