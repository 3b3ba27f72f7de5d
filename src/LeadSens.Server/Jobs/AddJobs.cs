using LeadSens.Server.Jobs;

namespace Microsoft.Extensions.DependencyInjection;

internal static class JobsRegistration
{
    /// <summary>Registers batches, jobs, limits, outbox and bus.</summary>
    public static void AddJobs(this WebApplicationBuilder builder) => builder.Services.AddJobs(builder.Configuration);

    public static IServiceCollection AddJobs(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddSingleton<JobKinds>();
        services.AddSingleton<JobSignal>();
        services.AddSingleton<JobControl>();
        services.AddSingleton<LimitRegistry>();
        services.AddSingleton<LimitBook>();
        services.AddSingleton<Limits>();
        services.AddSingleton<OutboxSignal>();
        return services;
    }

    /// <summary>Registers one kind of job. The handler is a singleton.</summary>
    public static IServiceCollection AddJobHandler<THandler, TInput, TResult>(this IServiceCollection services)
        where THandler : JobHandler<TInput, TResult>
    {
        services.AddSingleton<THandler>();
        services.AddSingleton<IJobKind>(provider => provider.GetRequiredService<THandler>());
        return services;
    }
}
