using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Suppressions;

/// <summary>Puts a whole list on it, or, where an entry cannot be read, nothing.</summary>
internal sealed class SuppressMany(Database database, SuppressionKeys keys) : IUseCase<SuppressMany, SuppressMany.Request, SuppressMany.Answer>
{
    public const int Most = 10_000;

    /// <summary>Enough to see what is wrong with a file.</summary>
    private const int MostErrors = 20;

    /// <param name="Values">E-mail addresses and domains.</param>
    public sealed record Request(
        [property: Required] IReadOnlyList<string?>? Values, string? Reason,
        [property: OneOf(typeof(SuppressionSource), nameof(SuppressionSource.ByHand), Name = "GivenSuppressionSource")] string? Source);

    /// <param name="Present">Were on the list already, or twice in the request.</param>
    public sealed record Answer(int Added, int Present);

    public static UseCase Declaration { get; } = new("addSuppressions", "Never contact a whole list", Permission.Work, Effect.Changes, "suppression.added");

    public async Task<Outcome<Answer>> RunAsync(Caller caller, Request request, CancellationToken cancellationToken)
    {
        var (values, errors) = Check(request);
        if (errors.Any) return Refusal.Invalid(errors);
        var (key, source) = (await keys.OfAsync(caller.WorkspaceId, cancellationToken), request.Source ?? SuppressionSource.Import);
        var added = await database.ChangeAsync(new(caller.WorkspaceId, caller.By, Declaration.Audits!,
            Details: new JsonObject { ["entries"] = values.Count, ["source"] = source }), async connection =>
            (int?)await SuppressionRows.AddAsync(connection, caller.WorkspaceId, values, request.Reason, source, key, cancellationToken), cancellationToken);
        return new Answer(added!.Value, values.Count - added.Value);
    }

    private static (List<string> Values, FieldErrors Errors) Check(Request request)
    {
        var (values, errors) = (new List<string>(), new FieldErrors());
        errors.Require(request.Values is { Count: > 0 and <= Most }, "values", $"1 to {Most} e-mail addresses and domains.");
        SuppressionRequest.CheckRest(errors, request.Reason, request.Source);
        var wrong = 0;
        for (var i = 0; i < Math.Min(request.Values?.Count ?? 0, Most) && wrong < MostErrors; i++)
        {
            if (SuppressionRequest.Normalise(request.Values![i]) is { } value) values.Add(value);
            else wrong += Refuse(errors, i);
        }

        return (values, errors);
    }

    private static int Refuse(FieldErrors errors, int place)
    {
        errors.Add($"values[{place}]", "This is neither an e-mail address nor a domain.");
        return 1;
    }
}
