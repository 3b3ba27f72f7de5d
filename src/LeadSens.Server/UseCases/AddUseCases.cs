namespace LeadSens.Server.UseCases;

internal static class UseCasesRegistration
{
    public static IServiceCollection AddUseCases(this IServiceCollection services) =>
        services.AddSingleton<RequestTexts>().AddSingleton<IdempotencyKeys>().AddSingleton<UseCaseRunner>();

    /// <summary>Once for all adapters; what it says of itself is its <see cref="IUseCase{TSelf, TRequest, TAnswer}.Declaration"/>.</summary>
    public static IServiceCollection AddUseCase<TUseCase, TRequest, TAnswer>(this IServiceCollection services)
        where TUseCase : class, IUseCase<TUseCase, TRequest, TAnswer> =>
        services.AddSingleton<TUseCase>().AddSingleton(DeclaredUseCase.Of<TUseCase, TRequest, TAnswer>());
}
