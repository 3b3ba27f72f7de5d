using LeadSens.Server.Api;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadSens.Server.Push;

/// <summary>A receipt as clients see it.</summary>
/// <param name="LeadId">Null for effects that are about the whole campaign.</param>
internal sealed record ReceiptItem(
    long Sequence, Guid IntentId, string Account, string Kind, string Subject, Guid? LeadId, string? ContentHash, string ProviderId, DateTimeOffset At, string Mac);

/// <summary>The proofs of what a campaign did at its providers.</summary>
internal static class ReceiptsApi
{
    public static void MapReceipts(this IEndpointRouteBuilder app)
    {
        var group = app.MapApiGroup("campaigns");
        group.MapGet("/{id:guid}/receipts", ListAsync).Named("listReceipts", "The proofs of what a campaign did at its providers");
        group.MapGet("/{id:guid}/receipts/verification", VerifyAsync).Named("verifyReceipts", "Whether a campaign's receipts are whole");
    }

    private static async Task<Results<Ok<Page<ReceiptItem>>, ProblemHttpResult>> ListAsync(
        Guid id, [AsParameters] NumberedPage page, WorkspaceContext caller, Database database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (!await OwnsAsync(connection, caller, id, cancellationToken)) return Problems.NotFound("campaign_not_found");
        var receipts = await ReceiptRows.ReadAsync(connection, caller.WorkspaceId, id, page.After, page.Size + 1, cancellationToken);
        return TypedResults.Ok(Page<ReceiptItem>.Of([.. receipts.Select(Item)], page.Size, item => item.Sequence.ToString()));
    }

    private static async Task<Results<Ok<ReceiptVerdict>, ProblemHttpResult>> VerifyAsync(
        Guid id, WorkspaceContext caller, Database database, VerifyReceipts verify, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await OwnsAsync(connection, caller, id, cancellationToken)
            ? TypedResults.Ok(await verify.ExecuteAsync(caller.WorkspaceId, id, cancellationToken))
            : Problems.NotFound("campaign_not_found");
    }

    private static Task<bool> OwnsAsync(NpgsqlConnection connection, WorkspaceContext caller, Guid id, CancellationToken cancellationToken) =>
        connection.Sql("select true from campaigns where id = $1 and workspace_id = $2", id, caller.WorkspaceId).FirstAsync(row => true, cancellationToken);

    private static ReceiptItem Item(ChainedReceipt receipt) => new(
        receipt.Facts.Sequence, receipt.Facts.IntentId, receipt.Facts.Account, receipt.Facts.Kind, receipt.Facts.Subject, receipt.Facts.LeadId,
        receipt.Facts.ContentHash is { } hash ? Convert.ToHexStringLower(hash) : null, receipt.Facts.ProviderId, receipt.Facts.At, Convert.ToHexStringLower(receipt.Mac));
}
