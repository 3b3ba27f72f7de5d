using LeadSens.Activities;
using LeadSens.Server.Api;
using LeadSens.Server.Jobs;
using LeadSens.Server.UseCases;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

internal static class JobsRegistration
{
    /// <summary>Registers batches, jobs, limits, outbox and bus.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<JobsOptions>().Bind(configuration.GetSection(JobsOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<WorkflowSignal>();
        services.AddSingleton<JobKinds>();
        services.AddSingleton<JobSignal>();
        services.AddSingleton<JobControl>();
        services.AddSingleton<IStages, Stages>();
        AddLimits(services);
        AddWorker(services);
        services.AddBus(configuration["LeadSens:Bus"]);
        services.AddSingleton<OutboxSignal>();
        services.AddHostedService<OutboxDispatcher>();
        services.AddHostedService<WorkPublisher>();
        return services
            .AddUseCase<ListJobs, ListJobs.Request, Page<JobsApi.JobView>>().AddUseCase<RetryJob, RetryJob.Request, JobsApi.Retried>()
            .AddUseCase<ListOutboxEvents, ListOutboxEvents.Request, Page<OutboxApi.EventView>>().AddUseCase<RetryOutboxEvent, RetryOutboxEvent.Request, Done>();
    }

    /// <summary>Registers one kind of job. The handler is a singleton.</summary>
    public static IServiceCollection AddJobHandler<THandler, TInput, TResult>(this IServiceCollection services)
        where THandler : JobHandler<TInput, TResult>
    {
        services.AddSingleton<THandler>();
        services.AddSingleton<IJobKind>(provider => provider.GetRequiredService<THandler>());
        services.AddSingleton<KindRunner>(provider =>
            new KindRunner<TInput, TResult>(provider.GetRequiredService<THandler>(), provider.GetRequiredService<RunnerServices>()));
        return services;
    }

    private static void AddLimits(IServiceCollection services)
    {
        services.AddSingleton<LimitRegistry>();
        services.AddSingleton<LimitBook>();
        services.AddSingleton<Limits>();
        services.AddSingleton<AccountHealth>();
        services.AddSingleton<FailureConsequences>();
    }

    private static void AddWorker(IServiceCollection services)
    {
        services.AddSingleton<CapacitySignal>();
        services.AddSingleton<RunnerServices>();
        services.AddSingleton<BatchCare>();
        services.AddSingleton<Claimer>();
        services.AddSingleton<JobRounds>();
        services.AddSingleton<Housekeeping>();
        services.AddHostedService<JobLeaseRenewal>();
        services.AddHostedService<JobWorker>();
    }
}
