using LeadSens.Server.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

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
            builder.Services.AddSingleton(services => Start(options, services.GetRequiredService<ILogger<EmbeddedPostgres>>()));
            builder.Services.AddSingleton(services => Database.Pool(services.GetRequiredService<EmbeddedPostgres>().ConnectionString));
            builder.Services.AddHostedService<PostgresWatch>();
        }
        else
        {
            builder.Services.AddSingleton(_ => Database.Pool(options.Database));
        }
        builder.Services.AddSingleton<Migrator>();
        builder.Services.AddHostedService<MigrateAtStart>();
        builder.Services.AddSingleton<NodeIdentity>();
        builder.Services.AddSingleton<Nodes>();
        builder.Services.AddSingleton<Wakeups>();
        builder.Services.AddHostedService<NodeSession>();
        builder.Services.AddDbContextPool<LeadSensDb>((services, db) => db.UseNpgsql(services.GetRequiredService<NpgsqlDataSource>()));
    }

    /// <summary>The pool's address is known only once PostgreSQL has its port, and services are made synchronously: this one wait is meant.</summary>
    private static EmbeddedPostgres Start(DataOptions options, ILogger log)
    {
        var postgres = EmbeddedPostgres.StartAsync(options, CancellationToken.None).GetAwaiter().GetResult();
        if (postgres.Root != Path.GetFullPath(options.DataDirectory))
            log.DataDirectoryMoved(options.DataDirectory, postgres.Root);
        if (postgres.Adopted)
            log.PostgresAdopted(postgres.Root);
        else
            log.PostgresStarted(postgres.Root);
        return postgres;
    }
}
