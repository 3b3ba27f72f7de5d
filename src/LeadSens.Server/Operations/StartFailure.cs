using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Operations;

/// <summary>A Server that cannot start says why in one line, for whoever starts it, and ends with 1.</summary>
internal static class StartFailure
{
    public static async Task<int> RunToEndAsync(this WebApplication app)
    {
        try
        {
            await app.RunAsync();
            return 0;
        }
        catch (Exception failure) when (ReasonOf(failure) is not null)
        {
            return await SayAsync(failure);
        }
    }

    /// <summary>Null for what whoever starts it cannot do anything about: that is a bug, with its stack.</summary>
    public static string? ReasonOf(Exception? failure) => failure switch
    {
        null => null,
        DatabaseException refused => refused.Message,
        AggregateException several => several.InnerExceptions.Select(ReasonOf).FirstOrDefault(reason => reason is not null),
        NpgsqlException when DatabaseAway.CauseOf(failure) is { } cause => $"The database cannot be reached: {cause.Message} Check LeadSens__Database.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InvalidCatalogName } refused =>
            $"The database does not let this Server in: {refused.MessageText}. Check LeadSens__Database.",
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } taken => taken.Message,
        _ => ReasonOf(failure.InnerException),
    };

    private static async Task<int> SayAsync(Exception failure)
    {
        await Console.Error.WriteLineAsync($"start_failed: {ReasonOf(failure)!.ReplaceLineEndings(" ")}");
        return 1;
    }
}
