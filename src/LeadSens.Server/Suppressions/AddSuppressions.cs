using LeadSens.Server.Api;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Suppressions;

internal static class SuppressionsRegistration
{
    public static IServiceCollection AddSuppressions(this IServiceCollection services) => services.AddSingleton<SuppressionKeys>()
        .AddUseCase<ListSuppressions, ListSuppressions.Request, Page<Suppression>>().AddUseCase<AddSuppression, SuppressionRequest, Suppression>()
        .AddUseCase<SuppressMany, SuppressMany.Request, SuppressMany.Answer>().AddUseCase<RemoveSuppression, RemoveSuppression.Request, Done>();
}
