using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using LeadSens.Server.Api;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Suppressions;
using LeadSens.Server.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Rights;

/// <summary>What a person may ask for: everything that is held, and to be erased. And what an account's owner may: the same for the account.</summary>
internal static class RightsApi
{
    /// <param name="Email">An address, known here or not.</param>
    public sealed record EraseRequest([property: Required] string? Email);

    public static void MapRights(this IEndpointRouteBuilder app)
    {
        var leads = app.MapApiGroup("leads");
        leads.MapDelete("{id:guid}", EraseLeadAsync).Named("eraseLead", "Erase the person of a lead");
        leads.MapGet("{id:guid}/export", ExportPerson.OfLeadAsync).Named("exportLead", "Everything that is held about the person of a lead").Produces<JsonObject>();

        var rights = app.MapApiGroup("rights");
        rights.MapPost("erase", EraseAddressAsync).Named("erasePerson", "Erase a person by the e-mail address");
        rights.MapPost("export", ExportPerson.OfAddressAsync).Named("exportPerson", "Everything that is held about a person, by the e-mail address").Produces<JsonObject>();
        rights.MapGet("erasures/{id:guid}", FindAsync).Named("getErasure", "How far an erasure is");

        var me = app.MapApi("/api/auth/me", "auth");
        me.MapGet("export", ExportAccount.HandleAsync).Needs(AccessRule.Person).Named("exportAccount", "Everything that is held about the caller's account").Produces<JsonObject>();
        me.MapDelete("", EraseAccount.HandleAsync).Needs(AccessRule.Person).HashesPassword()
            .Named("eraseAccount", "Erase the caller's account").Refuses(StatusCodes.Status409Conflict);
    }

    /// <summary>Null for what is no e-mail address.</summary>
    public static string? AddressOf(string? email) => SuppressionRequest.Normalise(email) is { } key && key.Contains('@', StringComparison.Ordinal) ? key : null;

    public static ProblemHttpResult NoAddress() => Problems.Validation(new Dictionary<string, string[]> { ["email"] = ["The person's e-mail address."] });

    private static async Task<Results<Ok<Erasure>, ProblemHttpResult>> EraseLeadAsync(Guid id, WorkspaceContext caller, Erasures erasures, CancellationToken cancellationToken) =>
        await erasures.EraseAsync(caller.WorkspaceId, id, null, caller.By, cancellationToken) is { } erasure ? TypedResults.Ok(erasure) : Problems.NotFound("lead_not_found");

    private static async Task<Results<Ok<Erasure>, ProblemHttpResult>> EraseAddressAsync(EraseRequest request, WorkspaceContext caller, Erasures erasures, CancellationToken cancellationToken) =>
        AddressOf(request.Email) is { } key ? TypedResults.Ok((await erasures.EraseAsync(caller.WorkspaceId, null, key, caller.By, cancellationToken))!) : NoAddress();

    private static async Task<Results<Ok<Erasure>, ProblemHttpResult>> FindAsync(
        Guid id, WorkspaceContext caller, Erasures erasures, Database database, CancellationToken cancellationToken) =>
        await database.Sql("select true from erasures where workspace_id = $1 and id = $2", caller.WorkspaceId, id).FirstAsync(row => true, cancellationToken)
            ? TypedResults.Ok(await erasures.ReadAsync(id, cancellationToken)) : Problems.NotFound("erasure_not_found");
}
