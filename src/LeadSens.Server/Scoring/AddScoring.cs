namespace LeadSens.Server.Scoring;

internal static class ScoringRegistration
{
    public static IServiceCollection AddScoring(this IServiceCollection services) => services.AddJobHandler<ScoreHandler, ScoreInput, LeadScore>();
}
