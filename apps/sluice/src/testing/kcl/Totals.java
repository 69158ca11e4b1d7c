import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.lifecycle.events.*;
import software.amazon.kinesis.metrics.NullMetricsFactory;
import software.amazon.kinesis.processor.ShardRecordProcessor;
import software.amazon.kinesis.processor.SingleStreamTracker;
import software.amazon.kinesis.retrieval.KinesisClientRecord;
import software.amazon.kinesis.retrieval.polling.PollingConfig;

/**
 * An application of the real KCL, of which a lease table is recorded: it reads the stream `orders` from its oldest record, writes each record that it
 * handled to standard output, and is killed in the middle of aggregates. Arguments: endpoint of Kinesis, endpoint of DynamoDB, table.
 */
public class Totals {
  /** How many records of a shard are handled before the application is killed; none of the last one. */
  static int most(String shardId) {
    if (shardId.endsWith("0")) return Integer.MAX_VALUE;
    if (shardId.endsWith("3")) return 0;
    return shardId.endsWith("1") ? 5 : 9;
  }

  static final CountDownLatch stopped = new CountDownLatch(3);

  static class Processor implements ShardRecordProcessor {
    String shardId;
    int handled = 0;
    boolean isStopped = false;

    public void initialize(InitializationInput input) {
      shardId = input.shardId();
    }

    public void processRecords(ProcessRecordsInput input) {
      try {
        for (KinesisClientRecord record : input.records()) {
          if (handled == most(shardId)) break;
          String text = StandardCharsets.UTF_8.decode(record.data()).toString();
          handled += 1;
          System.out.println("handled " + text);
          input.checkpointer().checkpoint(record.sequenceNumber(), record.subSequenceNumber());
        }
      } catch (Exception error) {
        throw new RuntimeException(error);
      }
      if (handled == most(shardId) && !isStopped) {
        isStopped = true;
        stopped.countDown();
      }
    }

    public void leaseLost(LeaseLostInput input) {}

    public void shardEnded(ShardEndedInput input) {
      try {
        input.checkpointer().checkpoint();
      } catch (Exception error) {
        throw new RuntimeException(error);
      }
    }

    public void shutdownRequested(ShutdownRequestedInput input) {}
  }

  public static void main(String[] args) throws Exception {
    var credentials = StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));
    var http = NettyNioAsyncHttpClient.builder().protocol(Protocol.HTTP1_1).build();
    var region = Region.US_EAST_1;
    var kinesis = KinesisAsyncClient.builder().region(region).credentialsProvider(credentials).httpClient(http)
        .endpointOverride(URI.create(args[0])).build();
    var dynamo = DynamoDbAsyncClient.builder().region(region).credentialsProvider(credentials).endpointOverride(URI.create(args[1])).build();
    var cloudWatch = CloudWatchAsyncClient.builder().region(region).credentialsProvider(credentials).build();
    var configs = new ConfigsBuilder(
        new SingleStreamTracker("orders", InitialPositionInStreamExtended.newInitialPosition(InitialPositionInStream.TRIM_HORIZON)),
        args[2], kinesis, dynamo, cloudWatch, "worker-1", Processor::new);
    var retrieval = configs.retrievalConfig().retrievalSpecificConfig(new PollingConfig("orders", kinesis));
    var scheduler = new Scheduler(configs.checkpointConfig(), configs.coordinatorConfig(), configs.leaseManagementConfig(),
        configs.lifecycleConfig(), configs.metricsConfig().metricsFactory(new NullMetricsFactory()), configs.processorConfig(), retrieval);
    var thread = new Thread(scheduler);
    thread.setDaemon(true);
    thread.start();
    boolean isDone = stopped.await(240, TimeUnit.SECONDS);
    Runtime.getRuntime().halt(isDone ? 0 : 1);
  }
}
