using System.ComponentModel.DataAnnotations;
using LeadSens.Server.Api;
using LeadSens.Server.Data;
using LeadSens.Server.Mail;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Identity;

/// <summary>In which language a person is written to, and those whom a workspace writes to who have no account.</summary>
internal static class Languages
{
    public sealed record Request([property: Required, OneOf("Language", Mail.Language.English, Mail.Language.French)] string? Language);

    public static async Task<Results<NoContent, ProblemHttpResult>> ChangeAsync(Request request, Person caller, Database database, CancellationToken cancellationToken)
    {
        if (!Language.IsKnown(request.Language)) return Unknown();
        await database.Sql("update users set language = $2 where id = $1", caller.UserId, request.Language).RunAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    public static async Task<Results<NoContent, ProblemHttpResult>> ChangeWorkspaceAsync(Request request, WorkspaceContext caller, Database database, CancellationToken cancellationToken)
    {
        if (!Language.IsKnown(request.Language)) return Unknown();
        await database.Sql("update workspaces set language = $2 where id = $1", caller.WorkspaceId, request.Language).RunAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult Unknown() => Problems.Validation(new Dictionary<string, string[]> { ["language"] = ["en or fr."] });
}
