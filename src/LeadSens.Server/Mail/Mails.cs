using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using LeadSens.Server.Secrets;
using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Mail;

/// <summary>Mails on their way: written with the change that they tell of, handed over by a job of their own.</summary>
internal sealed class Mails(SecretBox box, MailServers servers, JobSignal signal)
{
    private const string InsertSql = """
        insert into mails (id, idempotency_key, message_id, workspace_id, user_id, kind, language, sealed_message, state, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, 'queued', clock_now(), clock_now() + $9)
        on conflict (idempotency_key) do nothing
        """;

    private const string ReadSql = """
        select id, message_id, kind, language, state, sending_job, created_at, expires_at is not null and expires_at <= clock_now(), sealed_message, workspace_id from mails where id = any($1)
        """;

    /// <summary>Adds a mail in the caller's transaction, who calls <see cref="Wake"/> after its commit. False where its occasion has one already.</summary>
    public async Task<bool> AddAsync(NpgsqlConnection connection, MailMessage mail, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        var message = new SealedMessage(mail.To, mail.Content.Subject, MailLayout.TextOf(mail.Content, mail.Language), MailLayout.HtmlOf(mail.Content, mail.Language));
        var seal = box.Seal(JsonSerializer.SerializeToUtf8Bytes(message), SealedColumns.Mails, $"{mail.WorkspaceId}", mail.Kind, id.ToString());
        var isNew = await connection.Sql(InsertSql, id, mail.IdempotencyKey, MessageIdOf(mail.IdempotencyKey), Uuid(mail.WorkspaceId), Uuid(mail.UserId), mail.Kind, mail.Language, seal,
            new NpgsqlParameter { Value = (object?)mail.ExpiresIn ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Interval }).RunAsync(cancellationToken) == 1;
        return isNew && await JobQueue.AddAsync(connection, SendMail.JobKind, new JsonObject { ["mailId"] = id }, null, mail.WorkspaceId, cancellationToken);
    }

    /// <summary>After the commit.</summary>
    public void Wake() => signal.Wake(SendMail.JobKind);

    public async Task<List<StoredMail>> ReadAsync(NpgsqlConnection connection, Guid[] ids, CancellationToken cancellationToken) =>
        await connection.Sql(ReadSql, ids).ListAsync(Read, cancellationToken);

    /// <summary>Takes the right to hand the text over, which there is once: durable before the first byte of it leaves. False where another has it, or had.</summary>
    public static async Task<bool> BeginAsync(Database database, Guid id, Guid jobId, CancellationToken cancellationToken) =>
        await database.Sql("update mails set state = 'sending', sending_job = $2 where id = $1 and state in ('queued', 'failed', 'unknown')", id, jobId).RunAsync(cancellationToken) == 1;

    /// <summary>The server said that it did not take the text: it may be tried again.</summary>
    public static Task<int> PutBackAsync(Database database, Guid id, Guid jobId, CancellationToken cancellationToken) =>
        database.Sql("update mails set state = 'queued', sending_job = null where id = $1 and state = 'sending' and sending_job = $2", id, jobId).RunAsync(cancellationToken);

    public static Task<int> SentAsync(Database database, Guid id, CancellationToken cancellationToken) =>
        database.Sql("update mails set state = 'sent', sent_at = clock_now(), sealed_message = null, failure = null where id = $1", id).RunAsync(cancellationToken);

    private string MessageIdOf(string key) => $"<{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..40]}@{servers.From.Host}>";

    private StoredMail Read(NpgsqlDataReader row)
    {
        var id = row.GetGuid(0);
        // A mail that is sent or expired has nothing left to seal.
        var message = row.IsDBNull(8) ? new SealedMessage("", "", "", "")
            : JsonSerializer.Deserialize<SealedMessage>(box.Open(row.GetFieldValue<byte[]>(8), SealedColumns.Mails, $"{row.Maybe<Guid>(9)}", row.GetString(2), id.ToString()))!;
        return new(id, row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.Maybe<Guid>(5), row.GetFieldValue<DateTimeOffset>(6), row.GetBoolean(7), message);
    }

    private static NpgsqlParameter Uuid(Guid? id) => new() { Value = (object?)id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid };
}
