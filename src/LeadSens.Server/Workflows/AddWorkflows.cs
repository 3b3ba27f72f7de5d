using LeadSens.Activities;
using LeadSens.Engine;
using LeadSens.Server.Changes;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Workflows;
using LeadSens.Server.Workflows.Triggers;
using LeadSens.Server.Workflows.Waits;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

internal static class WorkflowsRegistration
{
    private const string DescendantsSql = "select count(*)::int from (select from workflow_instances where root_id = $1 and created_at >= $2 limit $3) started";

    public static IServiceCollection AddWorkflows(this IServiceCollection services)
    {
        services.AddOptions<WorkflowOptions>().BindConfiguration("Workflows").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ScriptOptions>().BindConfiguration("Workflows:Scripts").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(_ => new ActivityRegistry().RegisterAll(typeof(StageActivity).Assembly));
        services.AddSingleton<HeldLeases>().AddSingleton<Leases>().AddSingleton<WorkflowFailures>().AddSingleton<WorkflowSignal>();
        services.AddSingleton<WorkflowStore>(provider => ActivatorUtilities.CreateInstance<PostgresWorkflowStore>(
            provider, provider.GetRequiredService<IOptions<WorkflowOptions>>().Value.WorkspaceConcurrency));
        services.AddSingleton<ParsedDefinitions>();
        services.AddSingleton<DefinitionStore>().AddSingleton<IDefinitionSource>(provider => provider.GetRequiredService<DefinitionStore>());
        services.AddSingleton<DefinitionEditing>().AddSingleton<ReadWaits>();
        services.AddWorkflowHttp();
        services.AddChangeKind(ChangeKind.Run, Permission.Read);
        services.AddSingleton(provider => OptionsOf(provider, provider.GetRequiredService<IOptions<WorkflowOptions>>().Value));
        services.AddSingleton<DueTriggers>().AddSingleton<TriggeredStarts>().AddSingleton<StartQuota>();
        services.AddSingleton<WorkflowRunner>().AddSingleton<WorkflowSlots>().AddSingleton<WorkflowService>();
        services.AddHostedService<ShippedDefinitions>().AddHostedService<UnreadTriggers>().AddHostedService<LeaseRenewal>().AddHostedService<WorkflowSweep>().AddHostedService<WorkflowHost>().AddHostedService<TriggerHost>();
        services.AddSingleton<OnRunEnded>(provider => run => Orphans.Note(run, provider.GetRequiredService<WorkflowSignal>()));
        services.AddHostedService<Orphans>().AddSingleton<Retention>().AddHostedService(provider => provider.GetRequiredService<Retention>());
        return services;
    }

    private static RunnerOptions OptionsOf(IServiceProvider provider, WorkflowOptions options) => new()
    {
        Places = new(options.Concurrency, Math.Max(1, Environment.ProcessorCount / 2), options.WorkspaceProcessors, TimeProvider.System),
        Scripts = ScriptHosts.Use(provider.GetRequiredService<IOptions<ScriptOptions>>().Value),
        IsOutage = error => error.IsOutage(),
        IsRefused = error => error.IsOfItsContent(),
        OnBroke = provider.GetRequiredService<WorkflowFailures>().BurstBrokeAsync,
        OnEnded = run => RunEndings.Combine(provider.GetServices<OnRunEnded>(), run),
        EventLink = provider.GetService<MakeEventLink>() is { } make ? request => make(request) : null,
        BurstTime = TimeSpan.FromMilliseconds(options.TurnMilliseconds),
        CallerTime = TimeSpan.FromSeconds(5),
        Budget = new RunBudget(options.RunActivities, options.RunJournalMegabytes * 1_000_000L, TimeSpan.FromDays(1)) { Descendants = options.RunDescendants, Depth = options.RunDepth },
        Descendants = (root, since, cancellationToken) => provider.GetRequiredService<Database>().FirstAsync(DescendantsSql, row => row.GetInt32(0), cancellationToken, root, since, options.RunDescendants),
    };
}
