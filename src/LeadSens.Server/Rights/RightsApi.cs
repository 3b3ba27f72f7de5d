using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using LeadSens.Server.Api;
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
        leads.MapDelete("{id:guid}", (Guid id, UseCaseCall call, EraseLead erase) => call.OkAsync(erase, new(id))).Runs(EraseLead.Declaration);
        leads.MapGet("{id:guid}/export", ExportPerson.OfLeadAsync).Named("exportLead", "Everything that is held about the person of a lead").Produces<JsonObject>();

        var rights = app.MapApiGroup("rights");
        rights.MapPost("erase", (EraseRequest request, UseCaseCall call, ErasePerson erase) => call.OkAsync(erase, request)).Runs(ErasePerson.Declaration);
        rights.MapPost("export", ExportPerson.OfAddressAsync).Named("exportPerson", "Everything that is held about a person, by the e-mail address").Produces<JsonObject>();
        rights.MapGet("erasures/{id:guid}", (Guid id, UseCaseCall call, GetErasure get) => call.OkAsync(get, new(id))).Runs(GetErasure.Declaration);

        var me = app.MapApi("/api/auth/me", "auth");
        me.MapGet("export", ExportAccount.HandleAsync).Needs(AccessRule.Person).Named("exportAccount", "Everything that is held about the caller's account").Produces<JsonObject>();
        me.MapDelete("", EraseAccount.HandleAsync).Needs(AccessRule.Person).HashesPassword()
            .Named("eraseAccount", "Erase the caller's account").Refuses(StatusCodes.Status409Conflict);
    }

    /// <summary>Null for what is no e-mail address.</summary>
    public static string? AddressOf(string? email) => SuppressionRequest.Normalise(email) is { } key && key.Contains('@', StringComparison.Ordinal) ? key : null;

    public static ProblemHttpResult NoAddress() => Problems.Validation(new Dictionary<string, string[]> { ["email"] = ["The person's e-mail address."] });
}
