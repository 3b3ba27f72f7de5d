using LeadSens.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Suppressions;

/// <summary>The workspace's list of whom never to contact. Checked when leads are sourced, when an approval is opened and decided, and before each push.</summary>
internal static class SuppressionsApi
{
    public static void MapSuppressions(this IEndpointRouteBuilder app)
    {
        var suppressions = app.MapApiGroup("suppressions");
        suppressions.MapGet("", ListAsync).Runs(ListSuppressions.Declaration);
        suppressions.MapPost("", (SuppressionRequest request, UseCaseCall call, AddSuppression add) =>
            call.CreatedAsync(add, request, _ => $"/api/suppressions?value={Uri.EscapeDataString(SuppressionRequest.Normalise(request.Value)!)}"))
                .Runs(AddSuppression.Declaration);
        suppressions.MapPost("bulk", (SuppressMany.Request request, UseCaseCall call, SuppressMany add) =>
            call.OkAsync(add, request)).Runs(SuppressMany.Declaration);
        suppressions.MapDelete("{id:guid}", RemoveAsync).Runs(RemoveSuppression.Declaration);
    }

    /// <param name="value">An address or domain to look for; an erased person's is found, too.</param>
    private static Task<Results<Ok<Page<Suppression>>, ProblemHttpResult>> ListAsync(
        [AsParameters] PageRequest page, [OneOf(typeof(SuppressionSource))] string? source, string? value, UseCaseCall call,
            ListSuppressions list) => call.OkAsync(list, new(page, source, value));

    /// <param name="confirm">The entry's source, where the person wanted to be on the list: unsubscribe, complaint, erasure.</param>
    private static Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(Guid id, string? confirm, UseCaseCall call, RemoveSuppression remove) =>
        call.DoneAsync(remove, new(id, confirm));
}
