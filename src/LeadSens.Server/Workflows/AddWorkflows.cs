using LeadSens.Activities;
using LeadSens.Engine;
using LeadSens.Server.Workflows;
using LeadSens.Server.Workflows.Triggers;
using LeadSens.Server.Workflows.Waits;

namespace Microsoft.Extensions.DependencyInjection;

internal static class WorkflowsRegistration
{
    public static IServiceCollection AddWorkflows(this IServiceCollection services)
    {
        services.AddOptions<WorkflowOptions>().BindConfiguration("Workflows").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(_ => new ActivityRegistry().RegisterAll(typeof(StageActivity).Assembly));
        services.AddSingleton<HeldLeases>().AddSingleton<Leases>().AddSingleton<WorkflowFailures>().AddSingleton<WorkflowSignal>();
        services.AddSingleton<WorkflowStore, PostgresWorkflowStore>();
        services.AddSingleton<DefinitionStore>().AddSingleton<IDefinitionSource>(provider => provider.GetRequiredService<DefinitionStore>());
        services.AddSingleton<DefinitionEditing>().AddSingleton<ReadWaits>();
        services.AddWorkflowHttp();
        services.AddSingleton(provider => new RunnerOptions
        {
            IsOutage = error => error.IsOutage(),
            OnBroke = provider.GetRequiredService<WorkflowFailures>().BurstBrokeAsync,
            OnEnded = run => RunEndings.Combine(provider.GetServices<OnRunEnded>(), run),
            EventLink = provider.GetService<MakeEventLink>() is { } make ? request => make(request) : null,
        });
        services.AddSingleton<DueTriggers>().AddSingleton<TriggeredStarts>();
        services.AddSingleton<WorkflowRunner>().AddSingleton<WorkflowSlots>().AddSingleton<WorkflowService>();
        services.AddHostedService<ShippedDefinitions>().AddHostedService<UnreadTriggers>().AddHostedService<LeaseRenewal>().AddHostedService<WorkflowSweep>().AddHostedService<WorkflowHost>().AddHostedService<TriggerHost>();
        services.AddSingleton<OnRunEnded>(provider => run => Orphans.Note(run, provider.GetRequiredService<WorkflowSignal>()));
        services.AddHostedService<Orphans>().AddSingleton<Retention>().AddHostedService(provider => provider.GetRequiredService<Retention>());
        return services;
    }
}
