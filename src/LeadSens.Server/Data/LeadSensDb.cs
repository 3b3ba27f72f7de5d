using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace LeadSens.Server.Data;

/// <summary>The one context, for plain reads and writes. Slices bring their entities as <see cref="IEntityTypeConfiguration{TEntity}"/>
/// in the entity's own file and name only the table: columns are the properties in snake case; the schema itself is made by the SQL migrations.</summary>
internal sealed class LeadSensDb(DbContextOptions<LeadSensDb> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(LeadSensDb).Assembly);
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            foreach (var property in entity.GetDeclaredProperties().Where(property => property.FindAnnotation(RelationalAnnotationNames.ColumnName) is null))
                property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
        }
    }
}
