using LeadSens.Server.Api;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Suppressions;

internal sealed class ListSuppressions(Database database, SuppressionKeys keys) : IUseCase<ListSuppressions, ListSuppressions.Request, Page<Suppression>>
{
    /// <param name="Value">An address or domain to look for; an erased person's is found, too.</param>
    public sealed record Request(PageRequest Page, string? Source, string? Value);

    private const string Sql = $"""
        select {Suppression.Columns} from suppressions
        where workspace_id = $1 and id > $2 and ($3::text is null or source = $3) and ($4::text is null or value = $4 or hash = $5) order by id limit $6
        """;

    public static UseCase Declaration { get; } = new("listSuppressions", "Whom never to contact", Permission.Read);

    public async Task<Outcome<Page<Suppression>>> RunAsync(Caller caller, Request request, CancellationToken cancellationToken)
    {
        if (Refusal.UnlessOneOf(SuppressionSource.All, "source", request.Source) is { } unknown) return unknown;
        var (page, wanted) = (request.Page, SuppressionRequest.Normalise(request.Value));
        if (wanted is null && request.Value is not null) return Refusal.Invalid("value", "An e-mail address or a domain.");
        var hash = wanted is null ? [] : (await keys.OfAsync(caller.WorkspaceId, cancellationToken)).HashOf(wanted);
        var rows = await database.Sql(Sql, caller.WorkspaceId, page.After, request.Source, wanted, hash, page.Size + 1).ListAsync(Suppression.Read,
            cancellationToken);
        return Page<Suppression>.Of(rows, page.Size, entry => entry.Id.ToString());
    }
}
