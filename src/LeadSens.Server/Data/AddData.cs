using LeadSens.Server.Data;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

internal static class DataRegistration
{
    /// <summary>Registers the database. Without a connection string the embedded PostgreSQL starts when the host starts, before
    /// anything that needs its address, and stops after everything else when the host is disposed of.</summary>
    public static void AddData(this WebApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection("LeadSens").Get<DataOptions>() ?? new DataOptions();
        if (string.IsNullOrWhiteSpace(options.Database))
        {
            builder.Services.AddSingleton(new PostgresStart(options));
            builder.Services.AddSingleton(services => Start(services.GetRequiredService<PostgresStart>(), options, services.GetRequiredService<ILogger<EmbeddedPostgres>>()));
            builder.Services.AddSingleton(services => new DatabaseLogins(services.GetRequiredService<EmbeddedPostgres>().RuntimeConnectionString, services.GetRequiredService<EmbeddedPostgres>().ConnectionString));
            builder.Services.AddHostedService<PostgresWatch>();
        }
        else
        {
            builder.Services.AddSingleton(_ => new DatabaseLogins(options.Database, options.DatabaseOwner ?? options.Database));
        }
        builder.Services.AddOptions<PoolOptions>().BindConfiguration("LeadSens").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(services => new Pools(services.GetRequiredService<DatabaseLogins>().Runtime, services.GetRequiredService<IOptions<PoolOptions>>().Value));
        builder.Services.AddSingleton<Database, ScopedDatabase>();
        builder.Services.AddSingleton(services => new SystemDatabase(services.GetRequiredService<Pools>().System));
        builder.Services.AddHostedService<MigrateAtStart>();
        builder.Services.AddSingleton<NodeIdentity>();
        builder.Services.AddSingleton<Nodes>();
        builder.Services.AddSingleton<Wakeups>();
        builder.Services.AddHostedService<NodeSession>();
        builder.Services.AddHostedService<ClockWatch>();
    }

    /// <summary>Lets the embedded PostgreSQL, where there is one, get ready while the endpoints are mapped.</summary>
    public static void BeginDatabase(this WebApplication app) => app.Services.GetService<PostgresStart>()?.Begin();

    /// <summary>The pool's address is known only once PostgreSQL has its port, and services are made synchronously: this one wait is meant.</summary>
    private static EmbeddedPostgres Start(PostgresStart start, DataOptions options, ILogger log)
    {
        var postgres = start.Begin().GetAwaiter().GetResult();
        if (postgres.Root != Path.GetFullPath(options.DataDirectory))
            log.DataDirectoryMoved(options.DataDirectory, postgres.Root);
        if (postgres.Adopted)
            log.PostgresAdopted(postgres.Root);
        else
            log.PostgresStarted(postgres.Root);
        return postgres;
    }
}

/// <summary>Starts the embedded PostgreSQL once, whoever asks first.</summary>
internal sealed class PostgresStart(DataOptions options)
{
    private readonly Lazy<Task<EmbeddedPostgres>> start = new(() => Task.Run(() => EmbeddedPostgres.StartAsync(options, CancellationToken.None)));

    public Task<EmbeddedPostgres> Begin() => start.Value;
}
